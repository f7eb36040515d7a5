#!/usr/bin/env python3
"""How well flattened text comes out: one row a way of flattening, both halves.

  flat.py --evaluate EVALUATE.py --sets DIR --flat DIR [--set name,name] [--way name,name]

DIR/NAME holds meta.jsonl and truth/ (tests/eval/evaluate.py), the folder of --flat the same pages
flattened, as NAME/WAY/<id>.txt: EVALUATE's companion flatten.py makes page-lines, box-lines and
their kin, tests/eval/flatten.py what programs make that people scrape with. Only pages that a way
has a text of are scored. `keep` is the score of the text as it came.
"""
import argparse
import json
import os
import subprocess
import sys
import time

import evaluate

TOOLS = ('html-text', 'inscriptis', 'html2text', 'resiliparse', 'html2txt', 'w3m', 'lynx', 'get_text',
         'get_text-space', 'get_text-lines')


def envelopes(folder, meta):
    for m in meta:
        with open(os.path.join(folder, m['id'] + '.txt'), encoding='utf-8') as f:
            env = {'id': m['id'], 'body': f.read(), 'content_type': 'text/plain'}
        if m.get('url'):
            env['url'] = m['url']
        yield json.dumps(env).encode() + b'\n'


def predict(args, folder, meta, out):
    os.makedirs(out, exist_ok=True)
    config = args.config or os.path.join(out, 'chain.json')
    if not args.config:
        with open(config, 'w') as f:
            json.dump({'filters': [{'decode': {}}, {'extract': {}}, {'boilerplate': {}}]}, f)
    command = [args.pagemill, 'enrich', '-c', config, '-']
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as run:
        pid = os.fork()
        if pid == 0:
            run.stdout.close()
            for line in envelopes(folder, meta):
                run.stdin.write(line)
            run.stdin.close()
            os._exit(0)
        run.stdin.close()
        with open(os.path.join(out, 'meta.jsonl'), 'w', encoding='utf-8') as said:
            for line in run.stdout:
                r = json.loads(line)
                with open(os.path.join(out, r['source_id'] + '.txt'), 'w', encoding='utf-8') as f:
                    f.write(r.get('text', ''))
                line = {'id': r['source_id'], 'title': r.get('title'), 'author': r.get('authors'),
                        'date': r.get('published_at')}
                said.write(json.dumps({k: v for k, v in line.items() if v}) + '\n')
        os.waitpid(pid, 0)


def score(args, predictions, folder, out, ids, label):
    listing = os.path.join(out, label + '.ids')
    with open(listing, 'w') as f:
        f.write('\n'.join(ids) + '\n')
    result = os.path.join(out, label + '.json')
    subprocess.run([sys.executable, args.evaluate, predictions, folder, '--ids', listing, '--json',
                    result, '--metrics', 'shingle,word,meta', '--jobs', str(args.jobs)],
                   stdout=subprocess.DEVNULL, check=True)
    with open(result) as f:
        return json.load(f)


def row(args, name, way):
    """A way's scores by half, and its number of pages."""
    folder, flat = os.path.join(args.sets, name), os.path.join(args.flat, name, way)
    meta = [m for m in evaluate.read_meta(folder) if os.path.exists(os.path.join(flat, m['id'] + '.txt'))]
    if args.kind:
        meta = [m for m in meta if m.get('page_type', args.kind) == args.kind]
    if not meta:
        return None
    out = os.path.join(args.out, name, way)
    if not args.rescore:
        predict(args, flat, meta, out)
    halves = {'all': [m['id'] for m in meta]}
    for half in ('tune', 'held'):
        halves[half] = [m['id'] for m in meta if evaluate.half(m['id']) == half]
    got = {half: score(args, out, folder, out, ids, half) for half, ids in halves.items() if ids}
    kept = score(args, flat, folder, out, halves['all'], 'keep') if args.keep else None
    return got, kept, len(meta)


def show(name, way, got, kept, pages):
    s = [got[h]['all']['shingle'] if h in got else None for h in ('tune', 'held', 'all')]
    f = ' '.join(f'{x["f1"]:7.4f}' if x else '      -' for x in s)
    said = got['all'].get('meta', {})
    meta = ' '.join('%6.3f' % said[k]['accuracy'] if k in said else '     -' for k in ('title', 'author', 'date'))
    keep = '%6.3f' % kept['all']['shingle']['f1'] if kept else '     -'
    print(f'{name:12s} {way:16s} {f}  {s[2]["precision"]:6.3f} {s[2]["recall"]:6.3f} {meta} {keep}  {pages}',
          flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--pagemill', default='build/release/pagemill')
    ap.add_argument('--config', help='left out: decode, extract, boilerplate')
    ap.add_argument('--evaluate', required=True)
    ap.add_argument('--sets', required=True)
    ap.add_argument('--flat', required=True)
    ap.add_argument('--set', default='naeb')
    ap.add_argument('--way')
    ap.add_argument('--kind', help='pages of this page_type only')
    ap.add_argument('--out', default='build/eval-flat')
    ap.add_argument('--keep', action='store_true', help='score the texts as they came, too')
    ap.add_argument('--rescore', action='store_true', help='score OUT as it is, run nothing')
    ap.add_argument('--jobs', type=int, default=2)
    args = ap.parse_args()
    print(f'{"set":12s} {"way":16s} {"tune":>7s} {"held":>7s} {"all":>7s}  {"P":>6s} {"R":>6s} '
          f'{"title":>6s} {"author":>6s} {"date":>6s} {"keep":>6s}  pages')
    began = time.monotonic()
    for name in args.set.split(','):
        ways = args.way.split(',') if args.way else sorted(os.listdir(os.path.join(args.flat, name)))
        mean = []
        for way in ways:
            got = row(args, name, way)
            if not got:
                continue
            show(name, way, *got)
            if way in TOOLS:
                mean.append([got[0][h]['all']['shingle']['f1'] if h in got[0] else 0
                             for h in ('tune', 'held', 'all')])
        if len(mean) > 1:
            print(f'{name:12s} {"mean of tools":16s} ' + ' '.join(
                f'{sum(m[k] for m in mean) / len(mean):7.4f}' for k in range(3)))
    print(f'{time.monotonic() - began:.0f} seconds')


if __name__ == '__main__':
    main()
