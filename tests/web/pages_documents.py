"""Lists and forms of documents, the same for every entity; they know nothing but labels."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list of an entity."""

    page: Page
    label: str

    @property
    def grid(self) -> Locator:
        """The rows."""
        return self.page.get_by_role("region", name=self.label).last

    def open_from_menu(self) -> ListPage:
        """By the menu, as somebody who knows no addresses."""
        menu = self.page.get_by_role("navigation", name="主菜单")
        menu.get_by_role("searchbox", name="搜索菜单").fill(self.label)
        menu.get_by_role("link", name=self.label, exact=True).click()
        menu.get_by_role("searchbox", name="搜索菜单").fill("")
        return self.shown()

    def shown(self) -> ListPage:
        """Wait until it stands there."""
        expect(self.page.get_by_role("heading", name=self.label, exact=True, level=1)).to_be_visible()
        return self

    def search(self, text: str) -> None:
        """Type into the search box."""
        self.page.get_by_role("textbox", name=f"在{self.label}中搜索").fill(text)

    def open_row(self, text: str) -> None:
        """Open the document whose row has this text."""
        cell = self.grid.get_by_text(text, exact=True).first
        cell.click()
        self.page.keyboard.press("Enter")

    def create(self) -> FormPage:
        """A new one."""
        self.page.get_by_role("toolbar").get_by_role("button", name="新建").click()
        return FormPage(self.page)


@dataclass(frozen=True, slots=True)
class FormPage:
    """A document's page."""

    page: Page

    def field(self, label: str) -> Locator:
        """A field with its value or its input."""
        return self.page.get_by_role("group", name=label, exact=True)

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        self.field(label).get_by_role("textbox").fill(text)

    def pick(self, label: str, text: str) -> None:
        """Find another document for a reference."""
        pick(self.page, self.field(label).get_by_role("combobox"), text)

    def set_line(self, grid: str, number: int, values: dict[str, str]) -> None:
        """Fill a line of a grid, with one more if there are fewer; a value that is picked begins with ``→``."""
        lines = self.page.get_by_role("region", name=grid, exact=True)
        row = lines.get_by_role("row").nth(number)
        if not row.get_by_role("checkbox").count():
            lines.get_by_role("button", name="添加一行").click()
        names = [name.removesuffix("*").strip() for name in lines.get_by_role("columnheader").all_inner_texts()]
        for label, text in values.items():
            row.get_by_role("gridcell").nth(names.index(label)).click()
            box = row.get_by_label(label, exact=True)
            if text.startswith("→"):
                pick(self.page, box, text.removeprefix("→"))
            else:
                box.fill(text)

    def edit(self) -> None:
        """Begin to change it."""
        self.page.get_by_role("button", name="编辑", exact=True).click()

    def save(self) -> None:
        """Save, and see that it is saved."""
        self.page.get_by_role("button", name="保存", exact=True).click()
        expect(self.page.get_by_role("button", name="保存", exact=True)).to_have_count(0)

    def state(self, label: str) -> None:
        """See the document in a state."""
        steps = self.page.get_by_role("list", name="单据状态")
        expect(steps.locator("[aria-current]")).to_contain_text(label, timeout=15_000)

    def act(self, label: str, *, asked: bool = False) -> None:
        """Do something with the document by its button; ``asked``: a dialog comes first, and is agreed to."""
        self.page.locator("header").get_by_role("button", name=label, exact=True).first.click()
        if asked:
            dialog = self.page.get_by_role("dialog", name=label)
            # The form inside has a button for the Enter key alone, which nobody sees.
            dialog.get_by_role("button", name=label, exact=True).last.click()
            expect(dialog).to_have_count(0)

    def act_more(self, label: str) -> None:
        """An action that is in the menu."""
        self.page.get_by_role("button", name="更多操作").click()
        self.page.get_by_role("menuitem", name=label).click()


def pick(page: Page, box: Locator, text: str) -> None:
    """Choose in a list that searches as one types."""
    box.click()
    box.press_sequentially(text, delay=5)
    page.get_by_role("option", name=text).first.click()
