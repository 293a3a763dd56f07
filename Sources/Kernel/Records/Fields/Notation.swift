internal import JSON
internal import Telemetry

/// The notation in which texts of a kind are written.
struct Notation {
    /// The code of the fault of a text that is not written so.
    let code: String
    /// The words for what is wanted, with an example.
    let wanted: String
    /// Returns a text in its normal form; `nil` where it is not written so.
    let parse: (String) -> String?

    fileprivate init(_ code: String, _ wanted: String, _ parse: @escaping (String) -> String?) {
        (self.code, self.wanted, self.parse) = (code, wanted, parse)
    }
}

extension FieldKind {
    /// The notation of texts that are parsed; `nil` for all other kinds. A phone number is read in the country that
    /// `siblings` name.
    func notation(beside siblings: JSONObject) -> Notation? {
        switch self {
        case .email:
            Notation("invalid_email", "an email address, such as jane@example.com") { EmailAddress($0)?.key }
        case .url:
            Notation("invalid_url", "a web address, such as https://www.example.com") { WebAddress($0)?.text }
        case .link:
            Notation(
                "invalid_url", "a web address that everybody can reach, such as https://www.example.com"
            ) {
                WebAddress.link($0)?.text
            }
        case .country:
            Notation("invalid_country", "an ISO 3166 country code, such as DE") { Self.country($0)?.code }
        case .currency:
            Notation("invalid_currency", "an ISO 4217 currency code, such as USD") { Currency($0)?.code }
        case .timeZone:
            Notation("invalid_time_zone", "a time zone of the tz database, such as Europe/Berlin") {
                TimeZoneRules.isKnown($0) ? $0 : nil
            }
        case .phone(let countryField):
            phone(in: countryField.flatMap { siblings[$0]?.text }.flatMap(Self.country))
        case .date:
            Notation("invalid_date", "a date, such as 2027-03-01") { CivilDate(iso: $0)?.iso }
        case .instant:
            Notation("invalid_instant", "an RFC 3339 time, such as 2026-11-20T06:15:29Z") {
                Instant($0)?.description
            }
        default: nil
        }
    }

    private func phone(in country: Country?) -> Notation {
        Notation("invalid_phone", "a telephone number with its country code, such as +1 415 555 2671") {
            PhoneNumber($0, country: country)?.e164
        }
    }

    private static func country(_ text: String) -> Country? {
        Country(text.uppercased()) ?? Country(named: text)
    }
}
