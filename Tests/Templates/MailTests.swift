import JSON
import Records
import Testing

@testable import Templates

@Suite struct `A mail` {
    static let dress = MailDress(
        agency: "Nord & Süd", colour: "#0b5d51", logoURL: "https://a.example/logo.png",
        address: ["Hauptstr. 1", "10115 Berlin"], unsubscribeURL: "https://a.example/u?t=1&x=2",
        disclosure: "Written with the help of a machine.")

    static func mail(
        _ body: String, _ lead: JSON = ["company": "Acme"], subject: String = "For {{ lead.company }}",
        preview: String? = nil, locale: String = "en", dress: MailDress = MailDress()
    ) throws -> RenderedMail {
        try MailTemplate.compile(subject: subject, body: body, preview: preview, names: sampleNames)
            .render(values: ["lead": lead], locale: TextLocale(locale), zone: .utc, dress: dress)
    }

    @Test func `has a list where a loop makes one`() throws {
        let source =
            "Hi {{ lead.contact_name | default: \"there\" }}!\n\n"
            + "{% if lead.pain_points %}{% for p in lead.pain_points %}\n- {{ p }}\n{% endfor %}"
            + "{% else %}nothing{% endif %}\n"
        let mail = try Self.mail(
            source, ["company": "A", "contact_name": "", "pain_points": ["slow", "dear"]])
        #expect(mail.text == "Hi there!\n\n- slow\n- dear\n")
        let items = mail.html.split(separator: "\n").filter { $0.hasPrefix("<li") }
        #expect(
            items == [
                "<li style=\"margin:0 0 6px;\">slow</li>", "<li style=\"margin:0 0 6px;\">dear</li>",
            ])
        #expect(mail.html.contains(">Hi there!</p>") && !mail.html.contains("nothing"))
        let empty = try Self.mail(source, ["company": "A", "pain_points": []])
        #expect(empty.text == "Hi there!\n\nnothing\n")
    }

    @Test(arguments: `Values in a template`.hostile)
    func `shows a value as it is, in all its parts`(value: String) throws {
        let mail = try Self.mail(
            "Dear **{{ lead.company }}**,\n\nwelcome.", ["company": .string(value)],
            preview: "{{ lead.company }}")
        let shown = value.replacing("\t", with: " ")
        #expect(mail.text == "Dear \(shown),\n\nwelcome.\n")
        let line = value.split { $0 == " " || $0 == "\t" || $0 == "\n" }.joined(separator: " ")
        #expect(mail.subject == "For \(line)")
        #expect(mail.preview == line)
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false).map {
            Escape.html(String($0))
        }
        #expect(mail.html.contains(">Dear <strong>\(lines.joined(separator: "<br>\n"))</strong>,</p>"))
        #expect(mail.html.contains("<title>For \(Escape.html(line))</title>"))
    }

    @Test func `has the agency's dress, and a foot in both parts`() throws {
        let mail = try Self.mail(
            "Hello [you](https://b.example/a_b).", preview: "A <look>", dress: Self.dress)
        #expect(
            mail.text == """
                Hello you (https://b.example/a_b).

                --\u{20}
                Nord & Süd
                Hauptstr. 1
                10115 Berlin
                Unsubscribe: https://a.example/u?t=1&x=2
                Written with the help of a machine.

                """)
        for part in [
            "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">", "border-top:4px solid #0b5d51;",
            "<img src=\"https://a.example/logo.png\" alt=\"Nord &amp; Süd\"",
            "<strong>Nord &amp; Süd</strong>",
            "Hauptstr. 1, 10115 Berlin", "<a href=\"https://a.example/u?t=1&amp;x=2\"", ">Unsubscribe</a>",
            "Written with the help of a machine.", "prefers-color-scheme: dark", ">A &lt;look&gt;</div>",
            "<a style=\"color:#0b5d51;text-decoration:underline;\" href=\"https://b.example/a_b\"",
        ] {
            #expect(mail.html.contains(part), "\(part)")
        }
        #expect(!mail.html.contains("<table"))
    }

    @Test func `leaves out a dress that is none, and has no foot without one`() throws {
        let dress = MailDress(
            colour: "red;}", logoURL: "http://a.example/x\"><script>", unsubscribeURL: "javascript:alert(1)")
        let mail = try Self.mail("Hello.", dress: dress)
        #expect(
            !mail.html.contains("red;}") && !mail.html.contains("<img") && !mail.html.contains("javascript"))
        let bare = try Self.mail("Hello.")
        #expect(bare.text == "Hello.\n" && !bare.html.contains("class=\"foot\""))
        let pale = try Self.mail("[a](https://a.example)", dress: MailDress(colour: "#ffe000"))
        #expect(pale.html.contains("border-top:4px solid #ffe000;") && !pale.html.contains("color:#ffe000"))
    }

    @Test func `reads from the right where its language does`() throws {
        let mail = try Self.mail("> مرحبا", locale: "ar", dress: Self.dress)
        #expect(
            mail.html.contains("<html lang=\"ar\" dir=\"rtl\">") && mail.html.contains("border-right:3px"))
        #expect(mail.html.contains(">إلغاء الاشتراك</a>") && mail.text.contains("إلغاء الاشتراك: https://"))
    }

    @Test func `keeps a column's alignment`() throws {
        let mail = try Self.mail("| a | b |\n|---|--:|\n| 1 | {{ lead.company }} |")
        #expect(mail.html.contains("text-align:left;font-weight:600;\">a</th>"))
        #expect(mail.html.contains("font-weight:600;text-align:right;\">b</th>"))
        #expect(mail.html.contains("vertical-align:top;text-align:right;\">Acme</td>"))
    }

    @Test func `tells what was missing, and in which part`() throws {
        let mail = try Self.mail(
            "{{ lead.notes }}{{ lead.industry | default: 'x' }}", [:], subject: "{{ lead.company }}")
        #expect(
            mail.warnings.map { "\($0.code.rawValue) \($0.part ?? "") \($0.line ?? 0):\($0.column ?? 0)" }
                == [
                    "missing_value subject 1:4", "missing_value body 1:4", "empty_subject subject 0:0",
                ])
    }

    @Test func `is refused when its values make it longer than Markdown may be`() throws {
        let mail = try MailTemplate.compile(
            subject: "x", body: "{{ lead.notes | default: 'x' }}", names: sampleNames)
        let long = JSON.string(String(repeating: "a.", count: 50_000))
        do throws(TemplateFaults) {
            _ = try mail.render(values: ["lead": ["notes": long]], locale: .english, zone: .utc)
            Issue.record("it was rendered")
        } catch {
            #expect(error.faults.map { "\($0.part ?? "") \($0.code.rawValue)" } == ["body too_large"])
        }
    }

    @Test func `tells the faults of all its parts at once`() {
        do throws(TemplateFaults) {
            _ = try MailTemplate.compile(
                subject: "{{ x }}", body: "\n{{ lead.y }}", preview: "{% if lead.company %}",
                names: sampleNames)
            Issue.record("it compiled")
        } catch {
            #expect(
                error.faults.map { "\($0.part ?? "") \($0.code.rawValue) \($0.line):\($0.column)" } == [
                    "subject unknown_name 1:4", "preview unclosed_block 1:1", "body unknown_name 2:4",
                ])
        }
    }
}
