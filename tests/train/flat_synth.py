#!/usr/bin/env python3
"""Short pages in many languages, made of sentences and of phrases of furniture, one block a line.

  flat_synth.py --sentences FILE --out DIR

--sentences has a language and a sentence a line. Writes DIR/sets/synth/meta.jsonl and truth/, and
DIR/flat/synth/page-lines/ and one-line/, the same every time. Real pages are few in most languages; these teach where a line ends in their scripts.
"""
import argparse
import json
import os
import random
from collections import defaultdict

PAGES = 4               # of a language
MORE = {'zh': 40, 'ja': 40, 'ar': 30, 'ko': 24, 'he': 16, 'fa': 16, 'hi': 12, 'th': 8, 'ru': 16, 'uk': 12}
ALONE = {'zh', 'ja', 'th'}              # written without spaces
SCRIPTS = ((0x4e00, 0x9fff, 'han'), (0x3040, 0x30ff, 'kana'), (0xac00, 0xd7a3, 'hangul'),
           (0x400, 0x4ff, 'cyrillic'), (0x600, 0x6ff, 'arabic'), (0x590, 0x5ff, 'hebrew'),
           (0x370, 0x3ff, 'greek'))
OF_LANGUAGE = {'zh': 'han', 'ja': 'kana', 'ko': 'hangul', 'ru': 'cyrillic', 'uk': 'cyrillic', 'bg': 'cyrillic',
               'sr': 'cyrillic', 'mk': 'cyrillic', 'be': 'cyrillic', 'kk': 'cyrillic', 'mn': 'cyrillic',
               'ar': 'arabic', 'fa': 'arabic', 'ur': 'arabic', 'he': 'hebrew', 'el': 'greek'}
NAMES = {
    'latin': ('Anna Maria Peter Lucas Sofia Elena Jonas Clara Paul Marta Hugo Ines Felix Laura David Nora',
              'Keller Moreau Rossi Garcia Novak Jansen Silva Lindberg Kowalski Horvat Weber Martin Costa Berg'),
    'cyrillic': ('Анна Мария Иван Сергей Ольга Павел Елена Дмитрий', 'Смирнова Орлов Кравченко Белов Мельник Соколов'),
    'han': ('王 李 张 刘 陈 杨 赵 周', '晓明 丽 建国 雨桐 伟 静 思远'),
    'kana': ('佐藤 鈴木 高橋 田中 渡辺 伊藤', '健一 美咲 翔太 陽子 直樹'),
    'hangul': ('김 이 박 최 정', '민수 지영 서연 현우 영희'),
    'arabic': ('أحمد محمد سارة ليلى يوسف مريم', 'الخطيب حسن منصور السيد الحداد'),
    'hebrew': ('דנה יוסי מיכל אורי', 'כהן לוי מזרחי פרץ'),
    'greek': ('Μαρία Γιώργος Ελένη Νίκος', 'Παπαδόπουλος Γεωργίου Ιωάννου'),
}
LEADS = {'latin': 'By|Von|Par|Por|Di|Door|Autor:|Av|Redacción:', 'cyrillic': 'Автор:|Текст:|Автор', 'han': '作者：|记者|文/|责任编辑：',
         'kana': '文：|記者|執筆者', 'hangul': '기자|글', 'arabic': 'بقلم|كتب|كتبت:', 'hebrew': 'מאת', 'greek': 'Του|Από'}
MONTHS = {'latin': 'January|mars|Juni|octubre|luglio|maio|grudnia|augusti|Haziran', 'cyrillic': 'января|мая|серпня|октября',
          'arabic': 'يناير|مارس|يوليو|أكتوبر', 'hebrew': 'בינואר|במאי', 'greek': 'Μαΐου|Ιουνίου'}


def script_of(text):
    for c in text:
        for lo, hi, name in SCRIPTS:
            if lo <= ord(c) <= hi:
                return name
    return 'latin'


def phrases(path):
    """Whole lines by script and class."""
    out = defaultdict(lambda: defaultdict(list))
    with open(path, encoding='utf-8') as f:
        for row in f:
            part = row.rstrip('\n').split('\t')
            if part[0] == 'is':
                out[script_of(part[1])][part[2]].append(part[1])
    for cls, some in out['han'].items():
        out['kana'][cls] += some[:3]
    return out


class Maker:
    def __init__(self, draw, language, sentences, known):
        self.draw, self.language, self.sentences = draw, language, sentences
        self.script = OF_LANGUAGE.get(language, 'latin')
        self.known = known[self.script] if len(known[self.script]) > 6 else known['latin']

    def sentence(self):
        return self.draw.choice(self.sentences)

    def headline(self):
        s = self.sentence().rstrip('.!?。！？').strip('"„“”«» ')
        if self.language in ALONE:
            return s[:self.draw.randint(8, 24)]
        return ' '.join(s.split()[:self.draw.randint(3, 10)]).rstrip(',;:')

    def word(self):
        words = [w.strip('.,;:!?"()') for w in self.sentence().split()]
        w = max(words, key=len) if words else '-'
        return w[:6] if self.language in ALONE else w[:1].upper() + w[1:]

    def phrase(self, cls):
        some = self.known.get(cls)
        if not some:
            return self.word()
        text = self.draw.choice(some).replace('#', str(self.draw.randint(1, 99)))
        case = self.draw.random()
        return text[:1].upper() + text[1:] if case < 0.8 else text.upper() if case < 0.88 else text.title()

    def name(self):
        first, last = (x.split() for x in NAMES.get(self.script, NAMES['latin']))
        joint = '' if self.script in ('han', 'hangul') else ' '
        return self.draw.choice(first) + joint + self.draw.choice(last)

    def byline(self):
        lead = self.draw.choice(LEADS.get(self.script, LEADS['latin']).split('|'))
        if self.script == 'hangul' and self.draw.random() < 0.6:
            return self.name() + ' 기자'
        joint = '' if lead[-1] in '：/' else ' '
        return lead + joint + self.name() if self.draw.random() < 0.8 else self.name()

    def date(self):
        y, m, d = self.draw.randint(2009, 2026), self.draw.randint(1, 12), self.draw.randint(1, 28)
        if self.script in ('han', 'kana'):
            text = f'{y}年{m}月{d}日'
        elif self.script == 'hangul':
            text = self.draw.choice((f'{y}.{m:02d}.{d:02d}', f'{y}년 {m}월 {d}일'))
        elif self.script in MONTHS and self.draw.random() < 0.6:
            text = f'{d}. ' if self.draw.random() < 0.3 else f'{d} '
            text += self.draw.choice(MONTHS[self.script].split('|')) + f' {y}'
        else:
            text = self.draw.choice((f'{d:02d}.{m:02d}.{y}', f'{y}-{m:02d}-{d:02d}', f'{d:02d}/{m:02d}/{y}'))
        if self.draw.random() < 0.4:
            text += f' {self.draw.randint(0, 23):02d}:{self.draw.randint(0, 59):02d}'
        return self.phrase('date') + ' ' + text if self.draw.random() < 0.25 else text

    def crumbs(self):
        sign = self.draw.choice(('>', '»', '›', '/', '|'))
        parts = [self.phrase('navigation')] + [self.word() for _ in range(self.draw.randint(1, 2))]
        if self.draw.random() < 0.4:
            parts.append(self.title)
        return f' {sign} '.join(parts)

    def some(self, cls, least, most):
        return [self.phrase(cls) for _ in range(self.draw.randint(least, most))]

    def may(self, chance, lines):
        return lines if self.draw.random() < chance else []

    def above(self):
        parts = [self.may(0.5, [self.word() for _ in range(self.draw.randint(2, 6))]),
                 self.may(0.6, [self.crumbs()]), self.may(0.9, [self.title]), self.may(0.7, [self.byline()]),
                 self.may(0.7, [self.date()]), self.may(0.25, self.some('counter', 1, 2)),
                 self.may(0.6, self.some('share', 1, 4)), self.may(0.15, self.some('comments', 1, 1)),
                 self.may(0.15, self.some('navigation', 1, 3)), self.may(0.1, [self.headline()])]
        tail = parts[3:]
        if self.draw.random() < 0.3:
            self.draw.shuffle(tail)
        return sum(parts[:3] + tail, [])

    def below(self):
        related = self.some('related', 1, 1) + [self.headline() for _ in range(self.draw.randint(1, 4))]
        parts = [self.may(0.4, self.some('share', 1, 4)), self.may(0.7, related),
                 self.may(0.3, self.some('navigation', 1, 2) + [self.word() for _ in range(3)]),
                 self.may(0.4, self.some('comments', 1, 3)), self.may(0.3, self.some('newsletter', 1, 2))]
        self.draw.shuffle(parts)
        year, site = self.draw.randint(2010, 2026), self.word() + ' ' + self.word()
        end = self.draw.choice((f'© {year} {site}', f'© {site} {year}', f'Copyright © {year} {site}', ''))
        return sum(parts, []) + [end] * bool(end) + self.may(0.6, self.some('copyright', 1, 3))

    def page(self):
        self.title = self.headline()
        joint = '' if self.language in ('zh', 'ja') else ' '
        body = [joint.join(self.sentence() for _ in range(self.draw.randint(1, 3)))
                for _ in range(self.draw.randint(1, 4))]
        if len(body) > 2 and self.draw.random() < 0.25:
            body.insert(1, self.headline())
        return self.above() + body + self.below(), body


def main():
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--sentences', required=True)
    ap.add_argument('--phrases', default='filters/data/boilerplate_phrases.txt')
    ap.add_argument('--out', required=True)
    args = ap.parse_args()
    by_language = defaultdict(list)
    with open(args.sentences, encoding='utf-8') as f:
        for row in f:
            language, _, sentence = row.rstrip('\n').partition('\t')
            if len(sentence) >= (15 if language in ALONE else 40) and sentence[-1] in '.!?。！？।؟۔':
                by_language[language].append(sentence)
    known = phrases(args.phrases)
    meta = []
    for language, sentences in sorted(by_language.items()):
        for k in range(2 * MORE.get(language, PAGES) if len(sentences) >= 50 else 0):
            name = f'{language}-{k}'
            lines, body = Maker(random.Random(name), language, sentences, known).page()
            for folder, what in (('sets/synth/truth', '\n'.join(body)), ('flat/synth/page-lines', '\n'.join(lines)),
                                 ('flat/synth/one-line', ' '.join(lines))):
                os.makedirs(os.path.join(args.out, folder), exist_ok=True)
                with open(os.path.join(args.out, folder, name + '.txt'), 'w', encoding='utf-8') as f:
                    f.write(what + '\n')
            meta.append(json.dumps({'id': name}) + '\n')
    with open(os.path.join(args.out, 'sets/synth/meta.jsonl'), 'w', encoding='utf-8') as f:
        f.writelines(meta)


if __name__ == '__main__':
    main()
