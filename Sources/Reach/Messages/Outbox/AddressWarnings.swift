internal import Addresses
internal import JSON
internal import Records
internal import Templates
internal import Wording

/// The reasons against an address that do not forbid it: shown with `sendability`, for people to decide.
struct AddressWarnings {
    let list: [Reason]

    /// The reasons in the words of whoever reads them.
    func told(in words: Wording) -> JSON {
        .array(
            list.map { reason in
                let detail = Saying.told(reason.detail, among: ["address."], in: words)
                return reason.json.merging(["detail": .string(detail)])
            })
    }

    init(_ address: String?, _ hosts: MailHosts?) {
        guard let address = address.flatMap({ EmailAddress($0) }) else {
            list = []
            return
        }
        var found: [Reason] = []
        if address.isDisposable {
            found.append(
                Reason("disposable_address", Saying("address.disposable", ["domain": .text(address.domain)])))
        }
        if address.isRole {
            found.append(Reason("role_address", Saying("address.shared", ["local": .text(address.local)])))
        }
        if let meant = address.suggestion {
            found.append(Reason("possible_slip", Saying("address.slip", ["meant": .text("\(meant)")])))
        }
        if address.isFreeMail {
            found.append(Reason("free_mail", Saying("address.private", ["domain": .text(address.domain)])))
        }
        if hosts?.takesMail(address.domain) == false {
            found.append(Reason("no_mail_host", Saying("address.no_mail", ["domain": .text(address.domain)])))
        }
        list = found
    }
}

extension Reason {
    fileprivate init(_ code: String, _ said: Saying) { self.init(code, said.english) }
}
