internal import HTTPServer
internal import Markdown
internal import Records
internal import Wording

/// HTML that is written piece by piece. What comes in as text is escaped here.
struct HTMLText {
    private(set) var text = ""

    mutating func raw(_ html: String) { text += html + "\n" }

    mutating func title(_ title: String, kind: String) {
        raw("<p class=\"soft\">\(kind.htmlEscaped)</p><h1>\(title.htmlEscaped)</h1>")
    }
    mutating func heading(_ title: String) { raw("<h2>\(title.htmlEscaped)</h2>") }
    mutating func paragraph(_ words: String) { raw("<p>\(words.htmlEscaped)</p>") }
    mutating func done(_ words: String) { raw("<p class=\"done\" role=\"status\">\(words.htmlEscaped)</p>") }
    mutating func list(_ items: [String]) {
        raw("<ul>\(items.map { "<li>\($0.htmlEscaped)</li>" }.joined())</ul>")
    }
    /// Appends Markdown that an agency has written.
    mutating func markdown(_ source: String) { raw(Markdown.html(source)) }

    mutating func table(head: [(String, isAmount: Bool)], rows: [[String]], foot: [[String]] = []) {
        func cells(_ row: [String], _ tag: String) -> String {
            zip(head, row).map { column, cell in
                "<\(tag)\(column.isAmount ? " class=\"amount\"" : "")>\(cell.htmlEscaped)</\(tag)>"
            }.joined()
        }
        raw("<table><thead><tr>\(cells(head.map(\.0), "th"))</tr></thead><tbody>")
        for row in rows { raw("<tr>\(cells(row, "td"))</tr>") }
        raw("</tbody>")
        if !foot.isEmpty {
            raw("<tfoot>")
            for row in foot { raw("<tr>\(cells(row, "td"))</tr>") }
            raw("</tfoot>")
        }
        raw("</table>")
    }

    /// The forms of a page that may be answered: they work without scripts.
    mutating func answers(
        _ path: String, _ words: SellingCopy, verb: (label: String, path: String), consent: String,
        _ problem: Problem?
    ) {
        if let problem {
            raw("<p class=\"done\" role=\"alert\">\(problemText(problem, words).htmlEscaped)</p>")
        }
        raw(
            """
            <form method="post" action="\(path.htmlEscaped)/\(verb.path)">
            <label>\(words("document.your_name").htmlEscaped)<input type="text" name="name" autocomplete="name" required maxlength="200"></label>
            <label><input type="checkbox" name="consent" value="true" required> \(consent.htmlEscaped)</label>
            <button>\(verb.label.htmlEscaped)</button></form>
            <form method="post" action="\(path.htmlEscaped)/decline">
            <label>\(words("document.why_not").htmlEscaped)<input type="text" name="reason" maxlength="2000"></label>
            <button class="quiet">\(words("document.decline").htmlEscaped)</button></form>
            """)
    }

    private func problemText(_ problem: Problem, _ words: SellingCopy) -> String {
        let places = Set(problem.faults.map(\.pointer))
        if places.contains("/name") {
            return words("document.name_missing")
        }
        if places.contains("/consent") {
            return words("document.consent_missing")
        }
        return words("document.too_late")
    }
}
