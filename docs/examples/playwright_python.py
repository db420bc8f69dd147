"""Playwright for Python: a session is claimed by connecting, and ends when the script leaves."""

import os

from playwright.sync_api import sync_playwright

url = os.environ["HEARTH_URL"].replace("http", "ws", 1) + "/connect"
headers = {"Authorization": f"Bearer {os.environ['HEARTH_API_KEY']}"}

with sync_playwright() as playwright:
    browser = playwright.chromium.connect_over_cdp(url, headers=headers)
    page = browser.contexts[0].pages[0]
    page.set_content("<title>Playwright on Hearth</title>")
    print(page.title())
    browser.close()
