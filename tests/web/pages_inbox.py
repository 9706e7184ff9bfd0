"""What waits for a person's decision."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Inbox:
    """The approvals of all cells."""

    page: Page

    @property
    def waiting(self) -> Locator:
        """The tasks."""
        return self.page.get_by_role("list", name="待办").get_by_role("listitem")

    def approve(self, text: str) -> None:
        """Two clicks: on the task, and on the dialog that asks for an opinion."""
        self.waiting.filter(has_text=text).get_by_role("button", name="同意", exact=True).click()
        self.page.get_by_role("dialog").get_by_role("contentinfo").or_(
            self.page.get_by_role("dialog").locator("footer")
        ).get_by_role("button", name="同意", exact=True).click()
        expect(self.waiting.filter(has_text=text)).to_have_count(0)
