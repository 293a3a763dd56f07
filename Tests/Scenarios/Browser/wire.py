"""The bytes of a page that go over the wire until its first view is there."""
import re, urllib.parse

MOST = 100 * 1024


def carried(page, arrive, *, words, ahead, instead):
    """Gives the bytes of the page, its scripts, styles and words that come while `arrive` leads to the first view, and
    the addresses of the words, which begin with one of `words`. What the page loads ahead comes a moment later, and
    would be counted on a busy machine alone: `instead` is in the place of the module `ahead`."""
    sizes, kinds, said = {}, {}, []
    wire = page.context.new_cdp_session(page)

    def answered(one):
        # Without the version, which the pages name before each path.
        path = re.sub(r"^/assets/[^/]+", "", urllib.parse.urlparse(one["response"]["url"]).path)
        isWords = path.startswith(words)
        kinds[one["requestId"]] = "Words" if isWords else one["type"]
        if isWords:
            said.append(path)

    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", lambda one: sizes.update({one["requestId"]: one["encodedDataLength"]}))
    wire.send("Network.enable")
    page.route(f"**{ahead}", lambda route: route.fulfill(content_type="text/javascript", body=instead))
    arrive(page)
    total = sum(size for one, size in sizes.items() if kinds.get(one) in ("Document", "Script", "Stylesheet", "Words"))
    wire.detach()
    page.unroute(f"**{ahead}")
    return total, said
