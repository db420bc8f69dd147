"""Browserbase's SDK for Python: only the base URL differs. Finds its own session by its metadata, and releases it."""

import os

from browserbase import Browserbase
from playwright.sync_api import sync_playwright

bb = Browserbase(api_key=os.environ["HEARTH_API_KEY"], base_url=os.environ["HEARTH_URL"])
session = bb.sessions.create(keep_alive=True, api_timeout=300, user_metadata={"example": "python"})

with sync_playwright() as playwright:
    browser = playwright.chromium.connect_over_cdp(session.connect_url)
    page = browser.contexts[0].pages[0]
    page.set_content("<title>Browserbase SDK on Hearth</title>")
    print(page.title())
    browser.close()

running = bb.sessions.list(status="RUNNING", q="user_metadata['example']:'python'")
assert session.id in [one.id for one in running]
bb.sessions.update(session.id, status="REQUEST_RELEASE")
