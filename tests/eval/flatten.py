#!/usr/bin/env python3
"""Pages as programs flatten them that people scrape with: what `boilerplate` is measured on.

  flatten.py --out DIR [--tool name,name] [--share N/M] SET_DIR...

Writes SET_DIR/pages/<id>.html as OUT/SET/TOOL/<id>.txt. Needs html-text, inscriptis, html2text,
resiliparse, trafilatura, beautifulsoup4 and lxml from PyPI, and the programs w3m and lynx. --share 0/2 takes every other page.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import warnings

warnings.filterwarnings('ignore')


def decode(body):
    try:
        return body.decode('utf-8')
    except UnicodeDecodeError:
        m = re.search(rb'<meta[^>]+charset=["\']?\s*([A-Za-z0-9_-]+)', body[:20000], re.I)
        try:
            return body.decode(m.group(1).decode() if m else 'cp1252', 'replace')
        except LookupError:
            return body.decode('cp1252', 'replace')


def soup(page):
    import bs4
    tree = bs4.BeautifulSoup(page, 'lxml')
    for tag in tree(['script', 'style', 'noscript', 'template']):
        tag.decompose()
    return tree


def html_text(page):
    import html_text as tool
    return tool.extract_text(page)


def inscriptis(page):
    import inscriptis as tool
    return tool.get_text(page)


def html2text(page):
    import html2text as tool
    conf = tool.HTML2Text()
    conf.ignore_links = conf.ignore_images = True
    return conf.handle(page)


def resiliparse(page):
    from resiliparse.extract.html2text import extract_plain_text
    return extract_plain_text(page)


def html2txt(page):
    import trafilatura
    return trafilatura.html2txt(page)


def browser(*command):
    def run(page):
        done = subprocess.run(command, input=page.encode('utf-8', 'replace'), stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=30)
        return done.stdout.decode('utf-8', 'replace')
    return run


TOOLS = {
    'html-text': html_text,
    'inscriptis': inscriptis,
    'html2text': html2text,
    'resiliparse': resiliparse,
    'html2txt': html2txt,
    'w3m': browser('w3m', '-dump', '-T', 'text/html', '-I', 'UTF-8', '-O', 'UTF-8', '-cols', '80'),
    'lynx': browser('lynx', '-dump', '-nolist', '-force_html', '-stdin', '-assume_charset=utf-8',
                    '-display_charset=utf-8', '-width=80'),
    'get_text': lambda page: soup(page).get_text(),
    'get_text-space': lambda page: soup(page).get_text(' ', strip=True),
    'get_text-lines': lambda page: soup(page).get_text('\n', strip=True),
}


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--out', required=True)
    ap.add_argument('--tool', default=','.join(TOOLS))
    ap.add_argument('--share', default='0/1')
    ap.add_argument('sets', nargs='+')
    args = ap.parse_args()
    part, parts = map(int, args.share.split('/'))
    sys.setrecursionlimit(20000)
    for folder in args.sets:
        name, failed = os.path.basename(os.path.normpath(folder)), 0
        with open(os.path.join(folder, 'meta.jsonl'), encoding='utf-8') as f:
            ids = [json.loads(line)['id'] for line in f]
        for tool in args.tool.split(','):
            os.makedirs(os.path.join(args.out, name, tool), exist_ok=True)
        for page_id in ids[part::parts]:
            path = os.path.join(folder, 'pages', page_id + '.html')
            if not os.path.exists(os.path.join(folder, 'truth', page_id + '.txt')):
                continue
            with open(path, 'rb') as f:
                page = decode(f.read())
            for tool in args.tool.split(','):
                to = os.path.join(args.out, name, tool, page_id + '.txt')
                if os.path.exists(to):
                    continue
                try:
                    text = TOOLS[tool](page)
                except Exception:       # a tool that gives up on a page: one page less
                    failed += 1
                    continue
                with open(to, 'w', encoding='utf-8', errors='replace') as f:
                    f.write(text)
        print(name, len(ids[part::parts]), 'pages,', failed, 'failures', flush=True)


if __name__ == '__main__':
    main()
