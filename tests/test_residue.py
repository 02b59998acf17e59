"""Lines around an article go, lines of it and lines that name a source stay."""

from __future__ import annotations

import pytest
from page_makers import html, read

from slatewatch.residue import is_residue, is_source_line


@pytest.mark.parametrize(
    "line",
    [
        "Share this:", "Share on Facebook", "Facebook Twitter Pinterest Email",
        "Click to share on Twitter (Opens in new window)",
        "Related: Ten films about boats", "RELATED STORIES", "You may also like", "Read more", "READ MORE: Ten films",
        "Continue reading →", "Loading more posts...", "All Posts", "3 Comments", "Leave a Reply", "No comments yet",
        "Tags: Ines Marlow, Undertow", "Filed Under: News", "Sign up for our newsletter",
        "Photo: Rosa Stroud/Getty Images",
        "Courtesy of Lantern Row Films", "Advertisement", "© 2015 Reel Courier", "All rights reserved.",
        "By Rosa Stroud",
        "April 16, 2015 3:00pm", "Follow us on Twitter", "Next: Ten films about boats",
        "More from Reel Courier", "MORE: The boats...", "« Older Posts", "Popular on Reel Courier",
    ],
)  # fmt: skip
def test_lines_that_are_residue(line: str) -> None:
    assert is_residue(line)


@pytest.mark.parametrize(
    "line",
    [
        "Source: Deadline",
        "Sources: Deadline, Variety",
        "(via Variety)",
        "Via: Deadline",
        "[Deadline]",
        "SOURCE:Deadline",
        "(THR)",
        "H/T Variety",
    ],
)
def test_lines_that_name_a_source_stay(line: str) -> None:
    assert is_source_line(line)
    assert not is_residue(line)
    assert read(html(f"<p>{line}</p>")).text.split("\n\n").count(line) == 1


@pytest.mark.parametrize(
    "line",
    [
        "More than a year has passed since she left.", "Share in the joy of the sea, says the poster.",
        "Published in 2009, it has sold well.", "By then she had left.", "Ad Astra",
        "Signing up for the film is Sol Perrin.",
        "J. Paul Getty is the man of the series.", "Follow the Sea is the title.",
        "Follow Me Down begins shooting in May.",
        "Next: Marlow directs Undertow for QTV.", "More about the film is expected at Cannes.",
        "More popular than ever.",
        "The Tin Orchard",
        "Marlow will direct.", "Next is Undertow, a film about the sea.", "News of it came from the company on Monday.",
        "Comments on the script were asked of three writers before it was sent out.", "Image is all that he has left.",
        "Production is to begin on April 16, 2015.", "Related by marriage, the two have never worked together.",
    ],
)  # fmt: skip
def test_lines_of_an_article_are_no_residue(line: str) -> None:
    assert not is_residue(line)
