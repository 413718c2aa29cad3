"""What shows how text looks and is not said: headings, bullets, numbered lists, quotes, tables, links, tags."""

import re

BULLET = r"[-*+•‣◦▪●○■□–—·➢✦►]+[ \t]+(?!\d+[ \t]*=)"
QUOTED = r"(?:>[ \t]?)+(?![\d=$£€<>])"
# A line that begins so is an item of its own.
ITEM = re.compile(rf"[ \t]*(?:{BULLET}|#{{1,6}}[ \t]+|{QUOTED}|\d{{1,3}}[.)][ \t]+(?=\S)|\(?[a-z][.)][ \t]+|\|)")
# Of those, what is not said.
UNSAID = re.compile(rf"[ \t]*(?:{BULLET}|#{{1,6}}[ \t]+|{QUOTED}|\$[ \t]+(?=[a-z]))(?:\[[ ]\][ \t])?")
CHECKED = re.compile(r"\[([xX])\](?=[ \t])")
NUMBERED = re.compile(r"[ \t]*(\d{1,3})[.)][ \t]+(?=\S)")
LETTERED = re.compile(
    r"[ \t]*\(?([a-zA-Z]|i{2,3}|iv|vi{1,3}|ix)\)[ \t]+(?=\S)|[ \t]*([a-hA-H]|i{2,3}|iv|vi{0,3}|ix)\.[ \t]+(?=[A-Z])"
)
RULED = re.compile(r"[ \t]*[-=*_|:+ \t]{3,}(?=\n|$)")  # lines under headings, between rows and sections
FENCE = re.compile(r"[ \t]*(?:```|~~~)[ \t]*(\w*)(?=\n|$)")

LINK = re.compile(r"\]\((?:[^()\s]|\([^()\s]*\)){0,1024}(?:\s\"[^\"\n]{0,256}\")?\)|\]\[[^\]\n]{0,64}\]")
ADDRESS = re.compile(r"<(?=(?:https?://|mailto:|[\w.+-]{1,64}@)[^<>\s]{1,512}>)")
TAG = re.compile(
    r"</?(?:a|abbr|article|aside|b|big|blockquote|body|br|center|code|dd|del|div|dl|dt|em|font|footer|h[1-6]|head|header|hr|html|i|img|ins|kbd|li|main|mark|nav|ol|p"
    r"|pre|q|s|section|small|span|strike|strong|sub|sup|table|tbody|td|th|thead|title|tr|tt|u|ul|var|video)(?:\s[^<>\n]{0,1024})?/?>",
    re.IGNORECASE,
)
COMMENT_BEGINS, COMMENT_ENDS = re.compile("<!--+"), re.compile("--+>")  # the marks alone are not said
LONGEST_COMMENT = 2000  # characters
BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|h[1-6]|tr|hr|blockquote|ul|ol|table|title|section)\b", re.IGNORECASE)
ENTITY = re.compile(
    r"&(?:nbsp|quot|apos|ldquo|rdquo|lsquo|rsquo|hellip|mdash|ndash|zwnj|shy|#\d{1,6}|#x[0-9a-fA-F]{1,6});"
)
