package import Database
package import HTTPServer
package import JSON
package import Records
package import Routing
internal import Telemetry
package import Templates
package import Wording

/// A record with sentences of the product's own, which are told in the language of whoever reads them. Its columns have
/// them in English, for programs, and `said` has what they are made of. Records of earlier releases have words alone.
package protocol ToldRecord: Record {
    /// A saying by the name of its member.
    var said: JSON { get set }
    /// The members that are told.
    static var told: [String] { get }
}

extension ToldRecord {
    /// Notes what a member is made of, and returns its English; `nil` takes both away.
    package mutating func say(_ member: String, _ saying: Saying?, max: Int = 500) -> String? {
        var all = said.object ?? [:]
        if let saying { all[member] = saying.json } else { all.remove(member) }
        said = all.isEmpty ? .null : .object(all)
        return saying.map { String($0.english.prefix(max)) }
    }

    /// Notes what a member is made of that has sentences in it, each as `Saying.json`.
    package mutating func say(_ member: String, _ document: JSON) {
        var all = said.object ?? [:]
        all[member] = document
        said = .object(all)
    }

    /// Returns what a member is made of.
    package func saying(of member: String) -> Saying? { Saying(json: said[member]) }

    /// Returns the members that are told, in the reader's words.
    package func told(in words: Wording, _ zone: TimeZoneRules) -> JSONObject {
        Self.told(said, in: words, zone)
    }

    fileprivate static func told(_ said: JSON, in words: Wording, _ zone: TimeZoneRules) -> JSONObject {
        JSONObject(
            told.compactMap { name in said[name].map { (name, $0.told(in: words, zone)) } })
    }
}

extension JSON {
    /// Returns the document with each saying in it put into words.
    package func told(in words: Wording, _ zone: TimeZoneRules) -> JSON {
        if let saying = Saying(json: self) { return .string(saying.said(in: words, zone)) }
        if let array { return .array(array.map { $0.told(in: words, zone) }) }
        guard let object else { return self }
        return .object(JSONObject(object.members.map { ($0, $1.told(in: words, zone)) }))
    }
}

extension WordingStore {
    /// Returns a record's sentences in the words of whoever calls.
    package func told(_ record: some ToldRecord, to call: Call) throws -> JSONObject {
        record.said.isNull ? [:] : record.told(in: try find(for: call), try tx.agency.zone())
    }
}

extension Response {
    /// A record with its ETag, its sentences in the words of whoever calls.
    package static func told(
        _ record: some ToldRecord, to call: Call, in reader: some Queryable, status: Int = 200,
        location: String? = nil, extra: JSONObject = [:]
    ) throws -> Response {
        var members = try reader.wordings.told(record, to: call)
        for (name, value) in extra.members { members[name] = value }
        return .record(record, status: status, location: location, extra: members)
    }
}

extension ListQuery where R: ToldRecord {
    /// Reads a list whose records have sentences, and answers with its page in the words of whoever calls.
    /// `more` gives other members of records, by their ids.
    package func page(
        toldTo call: Call, in reader: some Queryable,
        adding more: ([String]) throws -> [String: JSONObject] = { _ in [:] }
    ) throws -> Response {
        let (words, zone) = (try reader.wordings.find(for: call), try reader.agency.zone())
        return try page(in: reader) { ids in
            guard !ids.isEmpty else { return [:] }
            let said = try reader.all(
                """
                SELECT id, said FROM \(trusted: R.resource.table)
                WHERE tenant_id = \(reader.tenant) AND id IN \(list: ids) AND said IS NOT NULL
                """
            ) { ($0.text(0), JSON(stored: $0.text(1))) }
            var members = try more(ids)
            for (id, said) in said {
                for (name, value) in R.told(said, in: words, zone).members {
                    members[id, default: [:]][name] = value
                }
            }
            return members
        }
    }
}
