"""Articles of somebody who would like an export to be taken for something else."""

from __future__ import annotations

from makers import Read, article, said

TITLE = "=1+1 </script><script>alert(1)</script> | {{Delete}} [[Category:Spam]] ''~~~~''"
NAME = 'Bobby "Tab\tles" /* Drop */ <ref>|Q42</ref>'


def hostile() -> Read:
    return article(
        "odd/../id?<b>",
        "2020-01-01",
        said(TITLE, "director", NAME, words=f"{TITLE} by {NAME}"),
        said(TITLE, "cast", "Ümit Ö.", character="{{{1}}}"),
        said(TITLE, "open writer", words="=cmd|' /C calc'!A0 wanted"),
        outlet="Out|let }} & <Co>",
        title="Head\u2028line ]] -- <b>&amp;</b> \x0b",
        url='https://odd.example/a b?c=|&d="<script>',
    )
