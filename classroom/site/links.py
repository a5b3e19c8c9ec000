"""Check the links of a built site, and its own address, without using the network."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself. With a host in its address it comes from elsewhere.
FETCHED = {
    ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href"),
}  # fmt: skip


def site_address(given):
    """Return the site's address from SITE_URL, with a slash at its end, or "" if it is not set."""
    if given and not re.fullmatch(r"https?://[^\s/]\S*", given):
        raise SystemExit(f"SITE_URL is {given!r}. Expected: an address such as https://example.org/course")
    return given and given.rstrip("/") + "/"


class _Page(HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Collect each id, href and src."""
        for name, value in attrs:
            if name == "id" or (tag, name) == ("a", "name"):
                self.anchors.add(value)
            elif name in ("href", "src") and value is not None:
                self.links.append((tag, name, value))


def broken_links(folder):
    """List the broken links of all pages in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A built site.

    Returns
    -------
    list of str
        One sentence for each link to a missing file or anchor, each file that would be fetched
        from a different host, and each link to another site that is not an https address.
    """
    paths = [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]  # templates
    pages = {path: _Page(path.read_text(encoding="utf-8")) for path in paths}
    if not pages:
        return [f"There are no pages in {folder}. Expected: a built site. Build it with `make book`."]
    wrong = []
    outside = set()
    for path, page in pages.items():
        for tag, name, link in page.links:
            url = urlsplit(link)
            where = f"{path.relative_to(folder)}: {link[:100]}"
            if url.scheme == "data":
                continue
            if url.scheme or url.netloc:
                outside.add(link)
                if (tag, name) in FETCHED:
                    wrong.append(f"{where} would be fetched from a different host")
                elif url.hostname in ("127.0.0.1", "localhost"):
                    continue  # the reader's own hub
                elif url.scheme != "https" or not url.netloc:
                    wrong.append(f"{where} is not an https address")
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            if not target.is_file():
                wrong.append(f"{where} leads to a file that is not there")
            elif url.fragment and target in pages and unquote(url.fragment) not in pages[target].anchors:
                wrong.append(f"{where} leads to an anchor that is not on that page")
    print(f"{len(pages)} pages, {sum(len(page.links) for page in pages.values())} links checked.")
    print("Links that leave the site (not fetched):", *sorted(outside), sep="\n  ")
    return wrong
