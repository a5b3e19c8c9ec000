"""Check the links of a built site without asking the network."""

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

# Where a browser fetches from by itself; anything with a host there leaves the page.
FETCHED = {
    ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href"),
}  # fmt: skip


class _Page(HTMLParser):
    """Collect a page's links and anchors."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note each id, href and src."""
        for name, value in attrs:
            if name == "id" or (tag, name) == ("a", "name"):
                self.anchors.add(value)
            elif name in ("href", "src") and value is not None:
                self.links.append((tag, name, value))


def broken_links(folder):
    """List what is wrong with the links of all pages in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        A built site.

    Returns
    -------
    list of str
        One sentence for each link to a missing file or anchor, each file that would be fetched
        from another host, and each outside link that is not plain https.
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
                    wrong.append(f"{where} would be fetched from another host")
                elif url.hostname in ("127.0.0.1", "localhost"):
                    continue  # the reader's own hub
                elif url.scheme != "https" or not url.netloc:
                    wrong.append(f"{where} is no https address")
                continue
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            if not target.is_file():
                wrong.append(f"{where} leads to no file")
            elif url.fragment and target in pages and unquote(url.fragment) not in pages[target].anchors:
                wrong.append(f"{where} leads to no anchor of that page")
    print(f"{len(pages)} pages, {sum(len(page.links) for page in pages.values())} links checked.")
    print("Links that leave the site (not fetched):", *sorted(outside), sep="\n  ")
    return wrong
