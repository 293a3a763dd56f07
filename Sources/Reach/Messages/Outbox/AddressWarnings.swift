internal import Addresses
internal import JSON
internal import Records

/// The reasons against an address that do not forbid it: shown with `sendability`, for people to decide.
struct AddressWarnings {
    let list: [Reason]

    init(_ address: String?, _ hosts: MailHosts?) {
        guard let address = address.flatMap({ EmailAddress($0) }) else {
            list = []
            return
        }
        var found: [Reason] = []
        if address.isDisposable {
            found.append(
                Reason("disposable_address", "The domain \(address.domain) provides disposable addresses."))
        }
        if address.isRole {
            found.append(
                Reason("role_address", "The address \(address.local)@ is shared, not a person's."))
        }
        if let meant = address.suggestion {
            found.append(Reason("possible_slip", "The address may have a typo: is \(meant) meant?"))
        }
        if address.isFreeMail {
            found.append(
                Reason("free_mail", "The address may be private: \(address.domain) is a free email service."))
        }
        if hosts?.takesMail(address.domain) == false {
            found.append(
                Reason(
                    "no_mail_host",
                    "The domain \(address.domain) accepts no email according to its DNS: email would bounce.")
            )
        }
        list = found
    }
}
