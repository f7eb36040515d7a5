"""Pages for the tests: HTML and flattened text in ten languages and their encodings.

The same seed gives the same bytes, so a page can be named by its number. What the pages say doesn't
matter here; that they differ in size, script, charset and shape does.
"""

import json
import os
import random

SENTENCES = {
    "en": (
        "The council met on Tuesday to discuss the new bridge.",
        "Nobody expected the vote to be close.",
        "Rain is forecast for most of the valley this week.",
        "She opened the shop twelve years ago.",
    ),
    "de": (
        "Der Rat tagte am Dienstag über die neue Brücke.",
        "Für die Anwohner ändert sich zunächst nichts.",
        "Größere Schäden wurden bisher nicht gemeldet.",
        "Im Süden fällt am Abend etwas Schnee.",
    ),
    "fr": (
        "Le conseil s'est réuni mardi au sujet du pont.",
        "La récolte a été meilleure que prévu cette année.",
        "Les élèves étaient déjà rentrés chez eux.",
        "Il neige encore sur les hauteurs, près du col.",
    ),
    "ru": (
        "Совет собрался во вторник, чтобы обсудить новый мост.",
        "Жители деревни давно ждали этого решения.",
        "На неделе ожидаются дожди и сильный ветер.",
        "Магазин открылся двенадцать лет назад.",
    ),
    "el": (
        "Το συμβούλιο συνεδρίασε την Τρίτη για τη νέα γέφυρα.",
        "Οι κάτοικοι περίμεναν καιρό αυτή την απόφαση.",
        "Αναμένονται βροχές σε όλη την κοιλάδα.",
        "Το κατάστημα άνοιξε πριν από δώδεκα χρόνια.",
    ),
    "ar": (
        "اجتمع المجلس يوم الثلاثاء لمناقشة الجسر الجديد.",
        "كان السكان ينتظرون هذا القرار منذ سنوات.",
        "من المتوقع هطول الأمطار هذا الأسبوع.",
        "افتتحت المتجر قبل اثني عشر عاما.",
    ),
    "ja": (
        "市議会は火曜日に新しい橋について話し合った。",
        "住民は長い間この決定を待っていた。",
        "今週は谷の広い範囲で雨が降る見込みです。",
        "彼女は十二年前に店を開いた。",
    ),
    "zh": (
        "市议会星期二开会讨论新桥的建设。",
        "居民们等待这个决定已经很久了。",
        "预计本周山谷大部分地区有雨。",
        "她十二年前开了这家店。",
    ),
    "ko": (
        "시의회는 화요일에 새 다리에 대해 논의했다.",
        "주민들은 오랫동안 이 결정을 기다려 왔다.",
        "이번 주에는 골짜기 대부분에 비가 올 것으로 보인다.",
        "그녀는 십이 년 전에 가게를 열었다.",
    ),
    "tr": (
        "Meclis salı günü yeni köprüyü görüşmek için toplandı.",
        "Köylüler bu kararı uzun süredir bekliyordu.",
        "Bu hafta vadinin büyük bölümünde yağış bekleniyor.",
        "Dükkânı on iki yıl önce açmıştı.",
    ),
}
CHARSETS = {
    "en": ("utf-8", "windows-1252"),
    "de": ("utf-8", "windows-1252"),
    "fr": ("utf-8", "iso-8859-15"),
    "ru": ("utf-8", "windows-1251", "koi8-r"),
    "el": ("utf-8", "iso-8859-7"),
    "ar": ("utf-8", "windows-1256"),
    "ja": ("utf-8", "shift_jis", "euc-jp"),
    "zh": ("utf-8", "gb18030", "utf-16le"),
    "ko": ("utf-8", "euc-kr"),
    "tr": ("utf-8", "windows-1254"),
}
LANGUAGES = sorted(SENTENCES)


def page(number, seed=1):
    """(meta, bytes) of one page: meta is its envelope without the body; "text" there says whether
    the bytes may go as text."""
    pick = random.Random(seed * 1000003 + number)
    language = LANGUAGES[number % len(LANGUAGES)]
    charset = pick.choice(CHARSETS[language])
    size = int(2000 * 100 ** (pick.random() ** 4))
    flat = number % 7 == 3
    meta = {
        "url": "https://site%d.example/%s/%d?p=%d" % (number % 97, language, number, seed),
        "id": "page-%d" % number,
        "text": charset == "utf-8" and pick.random() < 0.5,
    }
    meta["fetched_at"] = (
        None if number % 3 else "2024-0%d-1%dT08:30:00Z" % (number % 9 + 1, number % 10)
    )
    if number % 50 == 11:
        meta["status"] = 404
    if number % 5 != 4:
        kind = "text/plain" if flat else "text/html"
        meta["content_type"] = kind + ("; charset=" + charset if number % 2 else "")
    text = (
        flattened(pick, language, number, size)
        if flat
        else html(pick, language, number, size, charset)
    )
    data = text.encode(charset)
    return meta, b"\xff\xfe" + data if charset == "utf-16le" else data


def sentences(pick, language, size):
    """Paragraphs of sentences and numbers until `size` characters are full."""
    had = 0
    while had < size:
        words = []
        for _ in range(pick.randrange(2, 12)):
            words.append(pick.choice(SENTENCES[language]))
            words.append(str(pick.randrange(10**6)))
        paragraph = " ".join(words)
        had += len(paragraph)
        yield paragraph


def flattened(pick, language, number, size):
    glue = "\n" if number % 2 else " "
    return glue.join(
        ["Home > News > %d" % number, *sentences(pick, language, size), "Leave a comment"]
    )


def html(pick, language, number, size, charset):
    parts = [
        '<!doctype html><html lang="%s"><head><meta charset="%s"><title>%s %d</title>'
        % (language, charset, SENTENCES[language][0], number),
        '<meta name="description" content="&quot;%d&quot;">' % number,
        '<link rel="canonical" href="/%s/%d"><style>p{margin:0}</style></head><body>'
        % (language, number),
        "<nav><ul><li><a href=/>1</a><li><a href=/2>2</a></ul></nav><main><h1>%d</h1>" % number,
    ]
    for paragraph in sentences(pick, language, size):
        shape = pick.randrange(8)
        if shape == 0:
            parts.append("<ul><li>%s</li><li>x &amp; y</ul>" % paragraph)
        elif shape == 1:
            parts.append("<table><tr><td>%s<td>1</table>" % paragraph)
        elif shape == 2:
            parts.append("<h2>%s</h2>" % paragraph[:40])
        else:
            parts.append("<p>%s<br><b>%d</b>" % (paragraph, len(paragraph)))
    parts.append("</main><script>var a = '<p>';</script><footer>2024</footer></body></html>")
    return "\n".join(parts)


def write(folder, count, seed=1):
    """meta.jsonl and the pages' files, unless the same ones are there."""
    stamp = os.path.join(folder, "stamp")
    mark = "%d %d %g" % (count, seed, os.path.getmtime(__file__))
    if os.path.exists(stamp) and open(stamp).read() == mark:
        return
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "meta.jsonl"), "w") as lines:
        for number in range(count):
            meta, data = page(number, seed)
            meta["file"] = "%d.page" % number
            with open(os.path.join(folder, meta["file"]), "wb") as f:
                f.write(data)
            lines.write(json.dumps(meta) + "\n")
    with open(stamp, "w") as f:
        f.write(mark)
