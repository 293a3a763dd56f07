internal import Markdown

/// The HTML part of a mail: one column, no tables of its own, every style on its element, since many clients
/// drop the rest; what a dark mode needs stands in the head, for the clients that have one.
struct MailDocument {
    let locale: TextLocale
    let dress: MailDress

    func write(_ blocks: [Markdown.Block], title: String, preview: String?) -> String {
        let direction = locale.isRightToLeft ? "rtl" : "ltr"
        var html = """
            <!DOCTYPE html>
            <html lang="\(locale.tag)" dir="\(direction)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="supported-color-schemes" content="light dark">
            <meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
            <meta name="x-apple-disable-message-reformatting">
            <title>\(Escape.html(title))</title>
            <style>
            :root { color-scheme: light dark; supported-color-schemes: light dark; }
            @media (max-width: 480px) { .sheet { padding: 24px 20px !important; } }
            @media (prefers-color-scheme: dark) {
            .page, .sheet { background: #16181c !important; color: #e8eaed !important; }
            .sheet h1, .sheet h2, .sheet h3, .sheet h4, .sheet h5, .sheet h6 { color: #ffffff !important; }
            .sheet a { color: #9ec5ff !important; }
            .sheet code, .sheet pre { background: #23262c !important; }
            .sheet th, .sheet td, .sheet hr, .foot { border-color: #3a3f47 !important; }
            .foot, .foot a, .sheet blockquote { color: #a4aab3 !important; }
            }
            </style>
            </head>
            <body class="page" style="margin:0;padding:0;background:#ffffff;-webkit-text-size-adjust:100%;">

            """
        if let preview, !preview.isEmpty {
            html +=
                "<div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all;\">"
                + "\(Escape.html(preview))</div>\n"
        }
        html += "<div class=\"sheet\" dir=\"\(direction)\" style=\"\(sheetStyle)\">\n"
        html += head
        html += MailStyles(accent: linkColour, isRightToLeft: locale.isRightToLeft)
            .applied(to: Markdown.html(blocks))
        html += foot
        html += "</div>\n</body>\n</html>\n"
        return html
    }

    private var sheetStyle: String {
        let line = colour.map { "border-top:4px solid \($0.text);" } ?? ""
        return "max-width:600px;margin:0 auto;padding:32px 24px;\(line)background:#ffffff;color:#1f2329;"
            + "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
            + "font-size:16px;line-height:1.6;word-break:break-word;"
    }

    private var head: String {
        guard let url = dress.logoURL, url.hasPrefix("https://") else { return "" }
        return
            "<img src=\"\(Escape.html(MailLink.written(url)))\" alt=\"\(Escape.html(dress.agency ?? ""))\" "
            + "height=\"40\" style=\"display:block;height:40px;width:auto;max-width:100%;border:0;"
            + "margin:0 0 28px;\">\n"
    }

    private var foot: String {
        var lines: [String] = []
        if let agency = dress.agency { lines.append("<strong>\(Escape.html(agency))</strong>") }
        if !dress.address.isEmpty {
            lines.append(dress.address.map { Escape.html($0) }.joined(separator: ", "))
        }
        if let url = dress.unsubscribeURL, WebLink.isAllowed(url) {
            lines.append(
                "<a href=\"\(Escape.html(MailLink.written(url)))\" style=\"color:#5f6670;"
                    + "text-decoration:underline;\">\(Escape.html(locale.unsubscribe))</a>")
        }
        if let disclosure = dress.disclosure { lines.append(Escape.html(disclosure)) }
        guard !lines.isEmpty else { return "" }
        return "<div class=\"foot\" style=\"margin:36px 0 0;padding:16px 0 0;border-top:1px solid #e3e6ea;"
            + "color:#5f6670;font-size:13px;line-height:1.6;\">\n\(lines.joined(separator: "<br>\n"))\n</div>\n"
    }

    private var colour: Colour? { dress.colour.flatMap(Colour.init) }

    /// The brand's colour where it can be read on white.
    private var linkColour: String {
        guard let colour, colour.contrastOnWhite >= 4.5 else { return "#0b57d0" }
        return colour.text
    }
}

/// `#1a73e8`
struct Colour {
    let text: String
    private let red: Double, green: Double, blue: Double

    init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 7, digits[0] == UInt8(ascii: "#"),
            digits.dropFirst().allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x46).contains($0 & 0xDF) }
            ),
            let code = UInt32(text.dropFirst(), radix: 16)
        else { return nil }
        self.text = text
        (red, green, blue) = (Double(code >> 16 & 255), Double(code >> 8 & 255), Double(code & 255))
    }

    /// WCAG's ratio, 1 to 21; its curve taken as a square, which is near enough to choose a colour by.
    var contrastOnWhite: Double {
        func light(_ part: Double) -> Double { (part / 255) * (part / 255) }
        let luminance = 0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue)
        return 1.05 / (luminance + 0.05)
    }
}
