#!/usr/bin/env python3
"""What others make of the same pages: predictions as evaluate.py scores them, and their table.

  peers.py --evaluate EVALUATE.py --sets DIR [--peer name,name] [--set name,name] [--out DIR]

Each peer comes from PyPI, in the version named here, into an environment under build/. Its predictions
go to OUT/PEER/SET; a set that is there already is not made again. A page that a peer can't take, or
takes too long for, gives it an empty text. `ftfy` is scored by tests/repair/judge instead, over the
same faults in the same texts as `repair`.
"""
import argparse
import importlib.machinery
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, 'tests', 'bench')]

import evaluate  # noqa: E402
import lab  # noqa: E402

SECONDS = 30  # a page may take
# name: what PyPI is asked for, and how to see that it is there
PEERS = {
    'trafilatura': (['trafilatura==2.3.1', 'lxml_html_clean'], 'import trafilatura'),
    'resiliparse': (['resiliparse==2.0.1'], 'import resiliparse.extract.html2text'),
    'readability-lxml': (['readability-lxml==0.9', 'html-text==0.7.1', 'lxml_html_clean'],
                         'import readability, html_text'),
    'html-text': (['html-text==0.7.1', 'lxml_html_clean'], 'import html_text'),
    'htmldate': (['htmldate==1.11.0'], 'import htmldate'),
    'ftfy': (['ftfy==6.3.1'], 'import ftfy'),
}


# -- each gives a dictionary with text and metadata, of a page's bytes and its URL ---------------------


def decoded(body):
    """For peers that want a string."""
    try:
        return body.decode('utf-8')
    except UnicodeDecodeError:
        found = re.search(rb'<meta[^>]+charset=["\']?\s*([A-Za-z0-9_-]+)', body[:20000], re.I)
        try:
            return body.decode(found.group(1).decode() if found else 'cp1252', 'replace')
        except LookupError:
            return body.decode('cp1252', 'replace')


def trafilatura(body, url):
    import trafilatura
    found = trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True)
    found = found.as_dict() if found else {}
    return {'text': found.get('text'), 'title': found.get('title'), 'date': found.get('date'),
            'author': [name.strip() for name in (found.get('author') or '').split(';') if name.strip()]}


def resiliparse(body, url):
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    page = bytes_to_str(body, detect_encoding(body))
    return {'text': extract_plain_text(page, main_content=True, alt_texts=False, list_bullets=False)}


def readability_lxml(body, url):
    import html_text
    import readability
    page = readability.Document(decoded(body))
    return {'text': html_text.extract_text(page.summary(html_partial=True)), 'title': page.short_title()}


def html_text(body, url):
    import html_text
    return {'text': html_text.extract_text(decoded(body))}


def htmldate(body, url):
    import htmldate
    return {'date': htmldate.find_date(decoded(body), url=url, original_date=True)}


READERS = {'trafilatura': trafilatura, 'resiliparse': resiliparse,
           'readability-lxml': readability_lxml, 'html-text': html_text, 'htmldate': htmldate}


class TooLong(Exception):
    pass


def too_long(number, frame):
    raise TooLong


def read(reader, path, url):
    with open(path, 'rb') as f:
        body = f.read()
    signal.alarm(SECONDS)
    try:
        return reader(body, url)
    except Exception:  # a peer's fault is its result
        return {}
    finally:
        signal.alarm(0)


def predict(peer, folder, out):
    """In the peer's own environment: all pages of a set."""
    signal.signal(signal.SIGALRM, too_long)
    os.makedirs(out, exist_ok=True)
    said = []
    for m in evaluate.read_meta(folder):
        path = os.path.join(folder, 'pages', m['id'] + '.html')
        if not os.path.exists(path):
            continue
        found = read(READERS[peer], path, m.get('url'))
        with open(os.path.join(out, m['id'] + '.txt'), 'w', encoding='utf-8', errors='replace') as f:
            f.write(found.pop('text', None) or '')
        said.append(json.dumps({'id': m['id'], **{k: v for k, v in found.items() if v}}))
    # Written last: a set without it was broken off.
    with open(os.path.join(out, 'meta.jsonl'), 'w', encoding='utf-8') as f:
        f.write(''.join(line + '\n' for line in said))


# -- ftfy beside `repair` ------------------------------------------------------------------------------


def changes(before, after):
    import difflib
    return sum(op != 'equal' for a, b in zip(before.split('\n'), after.split('\n')) if a != b
               for op, *_ in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes())


def judge_ftfy(arguments):
    """In ftfy's environment: the judge of repairs, with ftfy where the program's filter stood."""
    import ftfy
    loader = importlib.machinery.SourceFileLoader(
        'repair_judge', os.path.join(ROOT, 'tests', 'repair', 'judge'))
    judge = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(judge)
    ours = judge.enrich

    def enrich(texts, repair):
        records = ours(texts, False)
        for record in records if repair else ():
            before = record.get('text', '')
            # Curly quotes made straight are no repair.
            record['text'] = ftfy.fix_text(before, uncurl_quotes=False)
            record['repairs'] = {'any': changes(before, record['text'])}
        return records

    judge.enrich = enrich
    sys.argv = ['judge', *arguments]
    judge.main()


# -- the tables ----------------------------------------------------------------------------------------


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--evaluate', help='the judge of evaluate.py')
    ap.add_argument('--sets', required=True)
    ap.add_argument('--set', default=','.join(evaluate.MEASURES))
    ap.add_argument('--peer', default=','.join(PEERS))
    ap.add_argument('--out', default=os.path.join(ROOT, 'build', 'peers'))
    ap.add_argument('--inside', action='store_true', help='used among these processes themselves')
    args = ap.parse_args()
    for peer in args.peer.split(','):
        if args.inside and peer == 'ftfy':
            judge_ftfy(['--sets', args.sets])
        elif args.inside:
            for name in args.set.split(','):
                out = os.path.join(args.out, peer, name)
                if not os.path.exists(os.path.join(out, 'meta.jsonl')):
                    predict(peer, os.path.join(args.sets, name), out)
        else:
            python, why = lab.from_pypi(os.path.join(ROOT, 'build'), *PEERS[peer])
            if not python:
                sys.exit('peers: %s can\'t be had from PyPI: %s' % (peer, why))
            print('== ' + PEERS[peer][0][0], flush=True)
            same = ['--sets', args.sets, '--set', args.set, '--peer', peer, '--out', args.out]
            subprocess.run([python, __file__, '--inside', *same], check=True)
            if peer != 'ftfy':
                subprocess.run([sys.executable, os.path.join(HERE, 'evaluate.py'), '--sets', args.sets,
                                '--set', args.set, '--evaluate', args.evaluate,
                                '--predictions', os.path.join(args.out, peer)], check=True)


if __name__ == '__main__':
    main()
