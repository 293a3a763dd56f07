internal import Integrations
internal import JSON
internal import Telemetry

/// A field that both sides have changed, for a person to decide.
struct FieldConflict: Sendable {
    let field: String
    let base: JSON, local: JSON
    /// The service's value in the agency's form, and as the service has it.
    let remote: JSON, raw: JSON
}

/// The consequences of comparing a pair of records, field by field.
struct PairMerge: Sendable {
    struct Change: Sendable {
        let field: SyncField
        let before: JSON, after: JSON
        /// The service's value, as it has it.
        let raw: JSON
    }

    /// The changes of the agency's record.
    var changes: [Change] = []
    /// The values that both agree on, but for `changes`, which the record may bring into another form.
    var base: AgreedFields
    var conflicts: [FieldConflict] = []
    /// The fields whose conflict is over: both sides came to the same.
    var settled: [String] = []
    /// Whether something is to go out to the service.
    var pushes = false
    /// Whether the person has unsubscribed there.
    var unsubscribes = false

    /// A merge patch of the agency's record.
    var patch: JSONObject {
        var patch: JSONObject = [:]
        for change in changes {
            let (column, value) = change.field.patch(change.after)
            patch[column] = (patch[column] ?? .null).adding(value, to: column)
        }
        return patch
    }
}

extension JSON {
    /// The value that goes into a patch beside what is there for the same column.
    fileprivate func adding(_ value: JSON, to column: String) -> JSON {
        guard let members = value.object, object != nil else { return value }
        return adding(members)
    }
}

extension SyncPlan {
    /// Compares a pair of records with what they last agreed on. `open`: the fields that wait for a person.
    /// `isLocalNewer` is asked about fields that both sides have changed. Throws where a value does not fit.
    func merge(
        _ link: SyncLink, _ local: LocalRecord, _ remote: RemoteRecord, open: Set<String>,
        isLocalNewer: (SyncField) -> Bool
    ) throws(FieldFault) -> PairMerge {
        var merge = PairMerge(base: link.base)
        let others = siblings(of: local, remote)
        for field in fields {
            let raw = (remote.fields[field.remote.name] ?? .null).plain
            let value = field.value(of: local)
            let form: JSON?, fault: FieldFault?
            do throws(FieldFault) {
                (form, fault) = (try field.localForm(of: raw, beside: others, currency: currency), nil)
            } catch {
                (form, fault) = (nil, error)
            }
            let view = FieldView(
                base: link.base[field.name], sent: link.sent?[field.name], local: value, remote: raw,
                isSame: field.isSame(value, raw, form: form), flow: field.flow, rule: rule,
                isOneWay: field.isUnsubscribed)
            if open.contains(field.name) {
                if view.isSame {
                    merge.settled.append(field.name)
                    merge.base[field.name] = AgreedValue(local: value, remote: raw)
                } else {
                    merge.conflicts.append(conflict(field, view, form))
                }
                continue
            }
            switch view.verdict(isLocalNewer: { isLocalNewer(field) }) {
            case .still: break
            case .agreed(let agreed): merge.base[field.name] = agreed
            case .takeLocal(let agreed):
                merge.base[field.name] = agreed
                merge.pushes = true
            case .takeRemote:
                if let fault { throw fault }
                guard let form else { break }
                if field.isUnsubscribed {
                    merge.unsubscribes = true
                    merge.base[field.name] = AgreedValue(local: true, remote: raw)
                } else {
                    merge.changes.append(PairMerge.Change(field: field, before: value, after: form, raw: raw))
                }
            case .conflict: merge.conflicts.append(conflict(field, view, form))
            }
        }
        return merge
    }

    private func conflict(_ field: SyncField, _ view: FieldView, _ form: JSON?) -> FieldConflict {
        FieldConflict(
            field: field.name,
            base: view.base.flatMap { $0.local == AgreedValue.owed ? nil : $0.local } ?? .null,
            local: view.local, remote: form ?? view.remote,
            raw: view.remote)
    }

    /// The values by which others are read: a national number is one of the record's country.
    func siblings(of local: LocalRecord?, _ remote: RemoteRecord) -> JSONObject {
        var others: JSONObject = [:]
        if let country = local?.values["country"], !country.isNull { others["country"] = country }
        if let field = fields.first(where: { $0.name == "country" && $0.flow.pulls }),
            let country = remote.fields[field.remote.name], !country.isNothing
        {
            others["country"] = country
        }
        return others
    }

    /// Returns the values of a record that the service has and the agency has not; throws where one does not fit.
    func newValues(of remote: RemoteRecord) throws(FieldFault) -> [(field: SyncField, value: JSON, raw: JSON)]
    {
        let others = siblings(of: nil, remote)
        var values: [(field: SyncField, value: JSON, raw: JSON)] = []
        for field in fields {
            let raw = (remote.fields[field.remote.name] ?? .null).plain
            guard field.flow.pulls || field.isKey, field.name != SyncField.own else { continue }
            values.append((field, try field.localForm(of: raw, beside: others, currency: currency), raw))
        }
        return values
    }
}

/// The time of a change as services write it.
enum RemoteTime {
    /// Reads RFC 3339, with or without a zone, and seconds or milliseconds since 1970.
    static func instant(_ text: String) -> Instant? {
        if let number = Int64(text) {
            return number.magnitude > 100_000_000_000
                ? Instant(milliseconds: number) : Instant(seconds: number)
        }
        if let instant = Instant(text) { return instant }
        let spaced = text.replacing(" ", with: "T")
        return Instant(spaced) ?? Instant(spaced + "Z") ?? withoutColon(spaced)
    }

    /// `2026-01-15T10:00:00.000+0000`, which RFC 3339 writes with a colon.
    private static func withoutColon(_ text: String) -> Instant? {
        let zone = text.suffix(5)
        guard zone.first == "+" || zone.first == "-", zone.dropFirst().allSatisfy(\.isNumber) else {
            return nil
        }
        return Instant("\(text.dropLast(2)):\(text.suffix(2))")
    }

    /// The later one of two times, as they were written.
    static func later(_ a: String?, _ b: String?) -> String? {
        guard let a else { return b }
        guard let b, a != b else { return a }
        if let first = instant(a), let second = instant(b) { return second > first ? b : a }
        return b > a ? b : a
    }
}
