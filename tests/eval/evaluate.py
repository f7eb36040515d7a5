#!/usr/bin/env python3
"""How well pages come out: runs `pagemill enrich` over sets of pages with a known truth, one table.

  evaluate.py --evaluate EVALUATE.py --sets DIR [--set name,name] [--option key=value ...]

A set is DIR/NAME with pages/<id>.html, meta.jsonl (id, url, ...) and truth/; EVALUATE.py scores
predictions (<id>.txt and meta.jsonl in a folder) against it. Every page is scored in one of two
halves, chosen by a hash of its id: `tune` is the half that training and rules may look at, `held`
the one that only this table sees.

Predictions stay in OUT/NAME for a closer look; --worst N METRIC names the pages that cost most.
Several runs at once need an OUT each (--out, or OUT of `make eval`).
"""
import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
import time

# What each set is measured by: rows of (name, metric group, metric, page type or None).
MEASURES = {
    'naeb': [('shingle F1', 'shingle', 'f1', None), ('exact', 'shingle', 'accuracy', None)],
    'wcxb': [('word F1', 'word', 'f1', None)] + [
        (f'word F1, {kind}', 'word', 'f1', kind) for kind in (
            'article', 'forum', 'product', 'collection', 'listing', 'documentation', 'service')],
    'readability': [('shingle F1', 'shingle', 'f1', None)],
    'trafilatura': [('snippet F1', 'snip', 'f1', None)],
    'fundus-test': [('shingle F1', 'shingle', 'f1', None)],
    'htmldate': [],
}
META = {
    'naeb': ('title', 'author', 'date'), 'fundus-test': ('title', 'author', 'date'),
    'trafilatura': ('title', 'author', 'date'), 'wcxb': ('title', 'author', 'date'),
    'readability': ('title', 'author'), 'htmldate': ('date',),
}


def half(page_id):
    """The half that a page belongs to: a bit of a hash of its id, the same in every set."""
    return 'tune' if hashlib.sha256(page_id.encode()).digest()[0] & 1 else 'held'


def read_meta(folder):
    with open(os.path.join(folder, 'meta.jsonl'), encoding='utf-8') as f:
        return [json.loads(line) for line in f if line.strip()]


def envelopes(folder, meta):
    for m in meta:
        path = os.path.join(folder, 'pages', m['id'] + '.html')
        if not os.path.exists(path):
            continue
        with open(path, 'rb') as f:
            body = f.read()
        env = {'id': m['id'], 'body_base64': base64.b64encode(body).decode(),
               'content_type': 'text/html'}
        if m.get('url'):
            env['url'] = m['url']
        yield json.dumps(env).encode() + b'\n'


def write_config(path, options):
    conf = {'filters': [{'decode': {}}, {'extract': dict(o.split('=', 1) for o in options)}]}
    with open(path, 'w') as f:
        json.dump(conf, f)


def records(args, folder, meta, config):
    """What the program makes of a set: its input is written while its output is read."""
    command = [args.pagemill, 'enrich', '-c', config, '-']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as run:
        pid = os.fork()
        if pid == 0:
            run.stdout.close()
            try:
                for line in envelopes(folder, meta):
                    run.stdin.write(line)
                run.stdin.close()
            except BrokenPipeError:
                pass
            os._exit(0)
        run.stdin.close()
        for line in run.stdout:
            yield json.loads(line)
        os.waitpid(pid, 0)
    # 1: some pages failed, which costs them their points. Anything else is no measurement.
    if run.returncode not in (0, 1):
        sys.exit('%s ended with %d' % (' '.join(command), run.returncode))


def predict(args, name, folder, meta):
    out = os.path.join(args.out, name)
    os.makedirs(out, exist_ok=True)
    config = os.path.join(out, 'chain.json')
    write_config(config, args.option)
    for m in meta:
        path = os.path.join(out, m['id'] + '.txt')
        if os.path.exists(path):
            os.remove(path)
    with open(os.path.join(out, 'meta.jsonl'), 'w', encoding='utf-8') as said:
        for r in records(args, folder, meta, config):
            with open(os.path.join(out, r['source_id'] + '.txt'), 'w', encoding='utf-8') as f:
                f.write(r.get('text', ''))
            line = {'id': r['source_id'], 'title': r.get('title'), 'author': r.get('authors'),
                    'date': r.get('published_at'), 'sitename': r.get('site_name'),
                    'description': r.get('description'), 'image': r.get('image'),
                    'categories': [r['section']] if r.get('section') else None,
                    'tags': r.get('keywords')}
            said.write(json.dumps({k: v for k, v in line.items() if v}) + '\n')
    return out


def score(args, out, folder, ids, label, extra=()):
    listing = os.path.join(out, label + '.ids')
    with open(listing, 'w') as f:
        f.write('\n'.join(ids) + '\n')
    result = os.path.join(out, label + '.json')
    command = [sys.executable, args.evaluate, out, folder, '--ids', listing, '--json', result,
               '--metrics', 'shingle,word,snip,meta', '--by', 'page_type', '--jobs', str(args.jobs)]
    run = subprocess.run(command + list(extra), stdout=subprocess.PIPE, text=True, check=True)
    if extra:
        print('\n'.join(line for line in run.stdout.split('\n') if 'worst' in line))
    with open(result) as f:
        return json.load(f)


def value(result, group, metric, kind):
    if group == 'meta':
        return result.get('meta', {}).get(metric, {}).get('accuracy')
    return result.get(kind or 'all', {}).get(group, {}).get(metric)


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--pagemill', default='build/release/pagemill')
    ap.add_argument('--evaluate', required=True)
    ap.add_argument('--sets', required=True)
    ap.add_argument('--set', default=','.join(MEASURES))
    ap.add_argument('--out', default='build/eval')
    ap.add_argument('--option', action='append', default=[], help='of extract: scope=main')
    ap.add_argument('--predictions', help='score DIR/NAME as it is, run nothing')
    ap.add_argument('--worst', nargs=2, metavar=('N', 'METRIC'), help='on the tune half only')
    ap.add_argument('--jobs', type=int, default=2)
    args = ap.parse_args()
    print(f'{"set":12s} {"measure":26s} {"tune":>7s} {"held":>7s} {"all":>7s}  pages')
    for name in args.set.split(','):
        folder = os.path.join(args.sets, name)
        if not os.path.isdir(folder):
            continue
        meta = read_meta(folder)
        began = time.monotonic()
        out = (os.path.join(args.predictions, name) if args.predictions
               else predict(args, name, folder, meta))
        took = time.monotonic() - began
        halves = {'tune': [], 'held': [], 'all': []}
        for m in meta:
            halves[half(m['id'])].append(m['id'])
            halves['all'].append(m['id'])
        results = {h: score(args, out, folder, ids, h) for h, ids in halves.items()}
        rows = MEASURES.get(name, []) + [(f, 'meta', f, None) for f in META.get(name, ())]
        for label, group, metric, kind in rows:
            got = [value(results[h], group, metric, kind) for h in ('tune', 'held', 'all')]
            shown = ' '.join(f'{v:7.4f}' if v is not None else '      -' for v in got)
            pages = results['all'].get(kind or 'all', {}).get('pages', len(meta))
            print(f'{name:12s} {label:26s} {shown}  {pages}', flush=True)
        print(f'{name:12s} {"seconds":26s} {"":7s} {"":7s} {took:7.1f}  {len(meta)}')
        if args.worst:
            score(args, out, folder, halves['tune'], 'tune', ['--worst', *args.worst])


if __name__ == '__main__':
    main()
