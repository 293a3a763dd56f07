package import JSON
package import Nouns
package import Records
package import Telemetry

/// The sender of an agency's mails.
package struct Sender: Part {
    package var name = ""
    package var email = ""

    package init() {}
    package static let schema = Schema<Sender>(
        "Sender",
        [
            .text("name", \.name, max: 200, .required, .line, .example("Olive Owner")),
            .email("email", \.email, .required, .example("olive@agency.example")),
        ])
}

/// The hours when people of the agency are there, in its own time.
package struct BusinessHours: Part {
    package var days: JSON = [1, 2, 3, 4, 5]
    package var from = "09:00"
    package var to = "17:00"
    package var holidays: [String] = []

    package init() {}
    package static let schema = Schema<BusinessHours>(
        "BusinessHours",
        [
            .document(
                "days", \.days,
                schema: ["type": "array", "items": ["type": "integer", "minimum": 1, "maximum": 7]],
                .standard([1, 2, 3, 4, 5]), .about("The days of the week; 1 is Monday.")),
            .text("from", \.from, max: 5, .required, .example("09:00")),
            .text("to", \.to, max: 5, .required, .example("17:00")),
            .texts(
                "holidays", \.holidays, max: 400, length: 10,
                .about("Days off: 2027-05-06, or 12-25 for every year.")),
        ])

    /// Returns whether nobody is there on a day of the week that is worked otherwise.
    package func isHoliday(_ date: CivilDate) -> Bool {
        let day = date.iso
        return holidays.contains { $0 == day || $0 == day.suffix(5) }
    }

    package var faults: [Fault] {
        for (index, day) in holidays.enumerated()
        where Instant((day.count == 5 ? "2024-\(day)" : day) + "T00:00:00Z") == nil {
            return [
                Fault(
                    "/holidays/\(index)", "invalid_date",
                    "Each day must be a date such as 2027-05-06, or 12-25 for every year.")
            ]
        }
        let isWeek = weekdays.count == days.array?.count
        return window.faults
            + (isWeek
                ? []
                : [
                    Fault(
                        "/days", "out_of_range", "days must be numbers from 1 to 7.")
                ])
    }

    package var window: DayWindow { DayWindow(from: from, to: to) }
    package var weekdays: [Int] {
        (days.array ?? []).compactMap { $0.int.map(Int.init) }.filter { (1...7).contains($0) }
    }
}

/// The look of an agency's mails, pages and documents.
package struct Brand: Part {
    package var color = "#1f4e79"
    package var logoFileID: ID<StoredFile>?
    package var footer: String?

    package init() {}
    package static let schema = Schema<Brand>(
        "Brand",
        [
            .text(
                "color", \.color, max: 7,
                .standard(
                    "#1f4e79"), .about("The colour of the brand, as #rrggbb.")),
            .id("logo_file_id", \.logoFileID, .about("A PNG of /v1/files.")),
            .text("footer", \.footer, max: 1000, .about("Registration, tax and bank lines of documents.")),
        ])

    package var faults: [Fault] {
        let digits = color.dropFirst()
        let isColor = color.first == "#" && digits.count == 6 && digits.allSatisfy(\.isHexDigit)
        return isColor ? [] : [Fault("/color", "invalid_color", "color must be a colour such as #1f4e79.")]
    }
}

/// The most mails that leave, by days of the agency's time.
package struct SendingLimits: Part {
    package var perDay = 2000
    package var perDomainPerDay = 1000
    package var perMailboxPerDay = 500
    package var perContactPerDay = 2
    package var campaignRestDays = 3
    package var needsUnsubscribeList = false

    package init() {}
    package static let schema = Schema<SendingLimits>(
        "SendingLimits",
        [
            .integer(
                "per_day", \.perDay, in: 0...10_000_000, .standard(2000),
                .about("The most mails a day from the whole agency.")),
            .integer(
                "per_domain_per_day", \.perDomainPerDay, in: 0...10_000_000, .standard(1000),
                .about("The most mails a day from one sending domain, once it is warmed up.")),
            .integer(
                "per_mailbox_per_day", \.perMailboxPerDay, in: 0...10_000_000, .standard(500),
                .about("The most mails a day through one mailbox.")),
            .integer(
                "per_contact_per_day", \.perContactPerDay, in: 1...100, .standard(2),
                .about("The most marketing messages a day to one person.")),
            .integer(
                "campaign_rest_days", \.campaignRestDays, in: 0...14, .standard(3),
                .about(
                    "The days after a campaign's mail, or a step of a sequence, in which other marketing to the person waits."
                )),
            .boolean(
                "needs_unsubscribe_list", \.needsUnsubscribeList, .standard(false),
                .about("Whether marketing waits until the old list of those who unsubscribed is in.")),
        ])
}

/// The events of its mails that an agency watches.
package struct Tracking: Part {
    package var opens = false
    package var clicks = false

    package init() {}
    package static let schema = Schema<Tracking>(
        "Tracking",
        [
            .boolean(
                "opens", \.opens, .standard(false),
                .about("Whether openings are counted, by a picture that the mail loads.")),
            .boolean(
                "clicks", \.clicks, .standard(false),
                .about("Whether clicks are counted, by links that lead over this server.")),
        ])
}

/// The days for which an agency keeps what was said. What must not be forgotten (that somebody unsubscribed, who agreed
/// to what, that something was sent) is kept for good.
package struct StoragePeriods: Part {
    package var messageDays = 1095
    package var attachmentDays = 1095
    package var hookDays = 30

    package init() {}
    package static let schema = Schema<StoragePeriods>(
        "StoragePeriods",
        [
            .integer(
                "message_days", \.messageDays, in: 1...36_500, .standard(1095),
                .about("How many days the texts of messages are kept; the messages themselves stay.")),
            .integer(
                "attachment_days", \.attachmentDays, in: 1...36_500, .standard(1095),
                .about("Files that came with messages.")),
            .integer(
                "hook_days", \.hookDays, in: 1...36_500, .standard(30),
                .about(
                    "How many days the payloads of webhooks, such as raw mails, are kept after processing.")),
        ])
}

/// An agency's settings for its invoices.
package struct Billing: Part {
    package var taxName: String?
    /// Hundredths of a percent.
    package var taxRate = 0
    package var taxID: String?
    package var paymentDays = 14
    package var bankDetails: String?
    package var prefix = "INV-"
    /// Days after an invoice was due, as a list of numbers.
    package var reminderDays: JSON = [3, 10, 20]

    package init() {}
    package static let schema = Schema<Billing>(
        "Billing",
        [
            .text("tax_name", \.taxName, max: 40, .example("VAT")),
            .integer(
                "tax_rate", \.taxRate, in: 0...10_000, .standard(0),
                .about("The rate in hundredths of a percent: 1900 is 19 %.")),
            .text("tax_id", \.taxID, max: 60),
            .integer(
                "payment_days", \.paymentDays, in: 0...365, .standard(14),
                .about(
                    "The number of days until an invoice is due.")),
            .text("bank_details", \.bankDetails, max: 1000),
            .text("prefix", \.prefix, max: 20, .standard("INV-"), .about("The prefix of invoice numbers.")),
            .document(
                "reminder_days", \.reminderDays, schema: reminderSchema, .standard([3, 10, 20]),
                .about(
                    "The numbers of days after the due date on which the client is reminded; empty: never.")),
        ])

    private static let reminderSchema: JSON = [
        "type": "array", "maxItems": 10, "items": ["type": "integer", "minimum": 1, "maximum": 365],
    ]

    package var faults: [Fault] {
        guard let days = reminderDays.array, days.count <= 10,
            days.allSatisfy({ $0.int.map { (1...365).contains($0) } ?? false })
        else {
            return [
                Fault(
                    "/reminder_days", "wrong_type",
                    "reminder_days must be a list of at most ten numbers of days, from 1 to 365.")
            ]
        }
        return []
    }

    /// The days of the reminders, the first one first.
    package var reminders: [Int] { (reminderDays.array ?? []).compactMap { $0.int.map(Int.init) }.sorted() }
}
