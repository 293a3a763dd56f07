/// The name of an element or attribute, in lower case where the document is HTML. Names that every page has are
/// numbers known here; others are numbered by each document.
package struct MarkupName: Hashable, Sendable {
    package let number: UInt16

    package init(number: UInt16) { self.number = number }

    /// No element: a run of text.
    package static let text = MarkupName(known: "")

    /// The name's number, where every document knows it.
    package init(known name: String) {
        guard let found = Self.numbers[name] else { preconditionFailure("\(name) is not in the table") }
        number = found
    }

    static let table: [String] = [
        "", "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo",
        "big", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col",
        "colgroup", "content", "data", "datalist", "datetime", "dd", "del", "details", "dfn", "dialog", "dir",
        "div", "dl", "dt", "em", "embed", "fieldset", "figcaption", "figure", "font", "footer", "form",
        "frame",
        "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i",
        "iframe",
        "img", "input", "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "menu", "meta",
        "meter", "nav", "noframes", "noscript", "object", "ol", "optgroup", "option", "output", "p", "param",
        "picture", "pre", "progress", "q", "s", "samp", "script", "section", "select", "small", "source",
        "span",
        "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template",
        "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var", "video",
        "wbr",
        "id", "class", "href", "src", "rel", "type", "name", "property", "value", "lang", "charset",
        "http-equiv", "alt", "hidden", "itemscope", "itemtype", "itemprop", "itemid", "itemref", "vocab",
        "typeof", "resource", "about", "prefix", "rev", "aria-hidden", "action", "method", "hreflang", "role",
        "xml:base", "xml:lang", "data-cfemail",
    ]

    private static let numbers = Dictionary(uniqueKeysWithValues: table.enumerated().map { ($1, UInt16($0)) })

    static func known(_ name: String) -> UInt16? { numbers[name] }
}

extension MarkupName {
    package static let a = MarkupName(known: "a"), address = MarkupName(known: "address")
    package static let article = MarkupName(known: "article"), aside = MarkupName(known: "aside")
    package static let base = MarkupName(known: "base"), blockquote = MarkupName(known: "blockquote")
    package static let body = MarkupName(known: "body"), br = MarkupName(known: "br")
    package static let cite = MarkupName(known: "cite"), dd = MarkupName(known: "dd")
    package static let dt = MarkupName(known: "dt"), figcaption = MarkupName(known: "figcaption")
    package static let footer = MarkupName(known: "footer"), form = MarkupName(known: "form")
    package static let h1 = MarkupName(known: "h1"), h2 = MarkupName(known: "h2")
    package static let h3 = MarkupName(known: "h3"), h4 = MarkupName(known: "h4")
    package static let h5 = MarkupName(known: "h5"), h6 = MarkupName(known: "h6")
    package static let head = MarkupName(known: "head"), header = MarkupName(known: "header")
    package static let html = MarkupName(known: "html"), iframe = MarkupName(known: "iframe")
    package static let img = MarkupName(known: "img"), input = MarkupName(known: "input")
    package static let li = MarkupName(known: "li"), link = MarkupName(known: "link")
    package static let main = MarkupName(known: "main"), meta = MarkupName(known: "meta")
    package static let nav = MarkupName(known: "nav"), noscript = MarkupName(known: "noscript")
    package static let object = MarkupName(known: "object"), p = MarkupName(known: "p")
    package static let pre = MarkupName(known: "pre"), q = MarkupName(known: "q")
    package static let script = MarkupName(known: "script"), section = MarkupName(known: "section")
    package static let style = MarkupName(known: "style"), svg = MarkupName(known: "svg")
    package static let td = MarkupName(known: "td"), template = MarkupName(known: "template")
    package static let th = MarkupName(known: "th"), time = MarkupName(known: "time")
    package static let title = MarkupName(known: "title"), tr = MarkupName(known: "tr")

    package static let id = MarkupName(known: "id"), `class` = MarkupName(known: "class")
    package static let href = MarkupName(known: "href"), src = MarkupName(known: "src")
    package static let rel = MarkupName(known: "rel"), type = MarkupName(known: "type")
    package static let name = MarkupName(known: "name"), property = MarkupName(known: "property")
    package static let value = MarkupName(known: "value"), lang = MarkupName(known: "lang")
    package static let charset = MarkupName(known: "charset"), httpEquiv = MarkupName(known: "http-equiv")
    package static let alt = MarkupName(known: "alt"), hidden = MarkupName(known: "hidden")
    package static let content = MarkupName(known: "content"), data = MarkupName(known: "data")
    package static let datetime = MarkupName(known: "datetime")
    package static let itemscope = MarkupName(known: "itemscope"), itemtype = MarkupName(known: "itemtype")
    package static let itemprop = MarkupName(known: "itemprop"), itemid = MarkupName(known: "itemid")
    package static let itemref = MarkupName(known: "itemref"), vocab = MarkupName(known: "vocab")
    package static let typeof = MarkupName(known: "typeof"), resource = MarkupName(known: "resource")
    package static let about = MarkupName(known: "about"), prefix = MarkupName(known: "prefix")
    package static let xmlBase = MarkupName(known: "xml:base"), xmlLang = MarkupName(known: "xml:lang")
    package static let cfemail = MarkupName(known: "data-cfemail"), meter = MarkupName(known: "meter")
    package static let audio = MarkupName(known: "audio"), video = MarkupName(known: "video")
    package static let embed = MarkupName(known: "embed"), source = MarkupName(known: "source")
    package static let track = MarkupName(known: "track"), area = MarkupName(known: "area")
    package static let textarea = MarkupName(known: "textarea"), select = MarkupName(known: "select")
    package static let button = MarkupName(known: "button"), small = MarkupName(known: "small")
}
