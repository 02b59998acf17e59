"""In a real browser: what a newcomer does, by pointer, by keyboard, on a phone, without JavaScript, in the dark."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .servers import TOKEN, serving

PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
LANTERN = "The Lantern Keepers"
PAGES = (
    "/",
    "/projects",
    f"/projects/{LANTERN}",
    "/articles/lantern-4",
    "/open",
    "/people",
    "/people/Pia Dorran",
    "/companies/Quillfeather Pictures",
    "/outlets",
    "/search?q=lantern",
    "/review",
    "/about",
    "/sign-in",
    "/nope",
)


def patient(context: BrowserContext) -> Page:
    context.set_default_timeout(PATIENCE)
    return context.new_page()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield patient(context)
    context.close()


def test_a_newcomer_goes_from_the_feed_to_a_quote_and_the_article(tab: Page, site: str) -> None:
    tab.goto(site)
    tab.locator(".post", has_text="Valk walks away").get_by_role("link", name=LANTERN, exact=True).first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(LANTERN)
    row = tab.locator(".package tr", has_text="Teodor Valk")
    expect(row.locator(".words")).to_be_hidden()
    row.locator("summary").click()
    words = row.locator("blockquote", has_text="Teodor Valk has left The Lantern Keepers")
    expect(words).to_be_visible()
    words.get_by_role("link", name="in the article").click()
    expect(tab).to_have_url(re.compile("/articles/lantern-4#c-"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("Valk walks away from The Lantern Keepers")
    mark = tab.locator(".mark", has_text="Teodor Valk has left The Lantern Keepers")
    expect(mark).to_be_in_viewport()
    mark.click()
    expect(tab.locator(".claims li:target")).to_contain_text("Teodor Valk")


def test_resting_the_pointer_on_a_value_shows_its_words(tab: Page, site: str) -> None:
    tab.goto(f"{site}/projects/{LANTERN}")
    row = tab.locator(".package tr", has_text="Mira Solveig")
    row.get_by_role("link", name="Mira Solveig").hover()
    expect(row.locator(".words")).to_be_visible()
    tab.get_by_role("heading", level=1).hover()
    expect(row.locator(".words")).to_be_hidden()


def test_the_feed_loads_more_as_one_scrolls(tab: Page, site: str) -> None:
    tab.goto(site)
    posts = tab.locator(".post")
    before = posts.count()
    for _ in range(12):
        tab.mouse.wheel(0, 20_000)
        tab.wait_for_timeout(150)
        if tab.locator(".more").count() == 0:
            break
    expect(tab.locator(".more")).to_have_count(0)
    assert before < posts.count() == 73
    assert tab.evaluate("document.querySelectorAll('.post').length") == 73


def test_the_grid_sorts_and_exports(tab: Page, site: str) -> None:
    tab.goto(f"{site}/open")
    first = tab.locator(".grid tbody th").first
    expect(first).to_contain_text(LANTERN)
    tab.get_by_role("link", name="Confirmed").click()
    expect(first).to_contain_text("Escaping North Korea")
    expect(tab.locator("th[aria-sort=ascending]")).to_contain_text("Confirmed")
    tab.locator("select[name=role]").select_option("showrunner")
    tab.get_by_role("button", name="Show").click()
    expect(tab.locator(".grid tbody tr")).to_have_count(1)
    tab.locator(".cell summary").first.click()
    expect(tab.locator(".cell blockquote").first).to_contain_text("Northquay wants a new showrunner")
    with tab.expect_download() as waiting:
        tab.get_by_role("link", name="CSV").click()
    with Path(waiting.value.path()).open(newline="", encoding="utf-8") as file:
        assert [row["project"] for row in csv.DictReader(file)] == ["Harbour Nine"]


def test_the_search_finds_as_one_types(tab: Page, site: str) -> None:
    tab.goto(f"{site}/search")
    tab.locator("#search-field").press_sequentially("solv", delay=20)
    expect(tab.locator("#results").get_by_role("link", name="Mira Solveig", exact=True)).to_be_visible()
    expect(tab).to_have_url(re.compile(r"q=solv$"))
    assert tab.evaluate("document.activeElement.id") == "search-field"


def test_a_decision_survives_a_restart(browser: Browser, fresh: Path) -> None:
    context = browser.new_context()
    tab = patient(context)
    with serving(fresh) as site:
        tab.goto(f"{site}/review")
        tab.get_by_role("main").get_by_role("link", name="Sign in").click()
        tab.get_by_label("Token").fill(TOKEN)
        tab.get_by_role("button", name="Sign in").click()
        pair = tab.locator(".pair", has_text="Cold Ledger").first
        pair.get_by_label("Why").fill("another film")
        pair.get_by_role("button", name="Different").click()
        expect(tab.get_by_text("No pair is in doubt.")).to_be_visible()
        claim = tab.locator(".pair", has_text="Pia Dorran is circling")
        claim.get_by_role("button", name="Wrong").click()
        expect(tab.locator(".pair", has_text="Pia Dorran is circling")).to_have_count(0)
    with serving(fresh) as site:
        tab.goto(f"{site}/review")
        expect(tab.get_by_text("No pair is in doubt.")).to_be_visible()
        expect(tab.get_by_text("another film")).to_be_visible()
        tab.goto(f"{site}/projects/Harbour Nine")
        expect(tab.locator(".package")).not_to_have_count(0)
        expect(tab.locator(".package", has_text="Pia Dorran")).to_have_count(0)
    context.close()


def test_the_keyboard_is_enough(tab: Page, site: str) -> None:
    tab.goto(site)
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    tab.keyboard.press("/")
    expect(tab.locator("#q")).to_be_focused()
    tab.keyboard.type("lantern keepers")
    tab.keyboard.press("Enter")
    link = tab.locator("#results").get_by_role("link", name=LANTERN, exact=True).first
    expect(link).to_be_visible()
    for _ in range(40):
        tab.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    assert link.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text(LANTERN)
    said = tab.locator(".package .said").first
    said.locator("summary").focus()
    tab.keyboard.press("Enter")
    expect(said.locator(".words")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(said.locator(".words")).to_be_hidden()
    expect(said.locator("summary")).to_be_focused()


def test_nothing_is_wider_than_a_phone(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 700}, has_touch=True, is_mobile=True)
    tab = patient(context)
    for path in PAGES:
        tab.goto(site + path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 375, path
    tab.goto(f"{site}/projects/{LANTERN}")
    row = tab.locator(".package tr", has_text="Mira Solveig")
    row.locator("summary").tap()
    expect(row.locator("blockquote").first).to_be_visible()
    context.close()


def test_everything_can_be_reached_without_javascript(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = patient(context)
    tab.goto(site)
    for _ in range(4):
        tab.get_by_role("link", name="Older posts").click()
    expect(tab.locator(".post").first).to_be_visible()
    expect(tab.get_by_role("link", name="Older posts")).to_have_count(0)
    expect(tab.locator(".post").last).to_contain_text("Escaping North Korea")
    tab.locator("#q").fill("Escaping")
    tab.locator("#q").press("Enter")
    tab.locator("#results").get_by_role("link", name="Escaping North Korea", exact=True).first.click()
    tab.locator(".package .said summary").first.click()
    expect(tab.locator(".package .words").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_fault_for_those_who_see_or_hear_otherwise(browser: Browser, site: str, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    tab = patient(context)
    faults = []
    for path in PAGES:
        tab.goto(site + path)
        for found in Axe().run(tab).response["violations"]:
            if found["impact"] in {"serious", "critical"}:
                faults.append((path, found["id"], [node["html"][:160] for node in found["nodes"][:3]]))
    paper = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper))) < 150) == (scheme == "dark")
    context.close()
    assert not faults, json.dumps(faults, indent=1)


def test_pages_ask_nobody_else_and_break_no_rule_of_their_own(tab: Page, site: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES[:-1]:
        tab.goto(site + path)
    assert [url for url in asked if not url.startswith(site)] == []
    assert said == []
