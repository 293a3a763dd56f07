internal import Database
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// What is written by itself about tickets, in English and German; other languages get English words.
struct TicketWords {
    let isGerman: Bool

    init(_ tag: String) { isGerman = tag.lowercased().prefix { $0 != "-" && $0 != "_" } == "de" }

    func callAsFunction(_ english: String, _ german: String) -> String { isGerman ? german : english }

    func received(_ number: Int) -> String {
        self("We have your request (\(number))", "Ihre Anfrage ist da (\(number))")
    }

    func greeting(_ contact: Contact?) -> String {
        guard let contact, !contact.name.isEmpty, !contact.name.contains("@") else {
            return self("Hello,", "Guten Tag,")
        }
        let name = contact.name.markdownEscaped
        return self("Hello \(name),", "Guten Tag \(name),")
    }

    func acknowledgement(
        of ticket: Ticket, to contact: Contact, in reader: some Queryable
    ) throws -> String {
        let subject = ticket.subject.markdownEscaped
        var body = self(
            """
            \(greeting(contact))

            We have your request “\(subject)”. Its number is \(ticket.number); \
            answer this mail to add to it.
            """,
            """
            \(greeting(contact))

            Ihre Anfrage „\(subject)“ ist bei uns. Sie hat die Nummer \(ticket.number); \
            antworten Sie auf diese Mail, um etwas hinzuzufügen.
            """)
        if let due = ticket.sla.firstResponseDueAt {
            let tenant = try reader.ownTenant(), zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
            let local = zone.local(of: due)
            let minute = local.minute < 10 ? "0\(local.minute)" : "\(local.minute)"
            let time = "\(local.date.iso), \(local.hour):\(minute) (\(tenant.timeZone))"
            body += self("\n\nYou hear from us by \(time).", "\n\nSie hören von uns bis \(time).")
        }
        return body
    }

    /// An answer that rests on an article, and how to get at a person.
    func answer(
        to ticket: Ticket, _ contact: Contact?, passage: String, title: String, link: String, days: Int,
        agency: String
    ) -> String {
        let subject = ticket.subject.markdownEscaped, source = "[\(title.markdownEscaped)](\(link))"
        return self(
            """
            \(greeting(contact))

            About your request “\(subject)” (number \(ticket.number)), our help pages say:

            \(passage.markdownEscaped)

            The whole article: \(source)

            Does that solve it? Then a short “yes” is enough. If not, just answer and say what is missing, or that \
            you want to speak to a person: a person then takes over. If we hear nothing for \(days) days, we \
            close the request; an answer opens it again.

            This answer was found automatically.

            \(agency.markdownEscaped)
            """,
            """
            \(greeting(contact))

            zu Ihrer Anfrage „\(subject)“ (Nummer \(ticket.number)) steht in unserer Hilfe:

            \(passage.markdownEscaped)

            Der ganze Artikel: \(source)

            Ist es damit gelöst? Dann genügt ein kurzes „Ja“. Wenn nicht, antworten Sie einfach, was fehlt, oder \
            dass Sie mit einem Menschen sprechen möchten: Dann übernimmt ein Mensch. Hören wir \(days) Tage \
            nichts, schließen wir die Anfrage; eine Antwort öffnet sie wieder.

            Diese Antwort wurde automatisch gefunden.

            \(agency.markdownEscaped)
            """)
    }

    func takesLonger(_ ticket: Ticket, _ contact: Contact?) -> String {
        let subject = ticket.subject.markdownEscaped
        return self(
            """
            \(greeting(contact))

            Your request “\(subject)” (number \(ticket.number)) takes longer than we had promised. We are sorry. \
            It now lies with those who can decide about it, and you hear from us as soon as there is news. \
            Answer this mail if something has changed.
            """,
            """
            \(greeting(contact))

            Ihre Anfrage „\(subject)“ (Nummer \(ticket.number)) dauert länger, als wir zugesagt hatten. Das tut \
            uns leid. Sie liegt jetzt bei denen, die darüber entscheiden können, und Sie hören von uns, sobald es \
            etwas Neues gibt. Antworten Sie auf diese Mail, wenn sich etwas geändert hat.
            """)
    }

    var takesLongerSubject: String { self("Your request takes longer", "Ihre Anfrage dauert länger") }
}
