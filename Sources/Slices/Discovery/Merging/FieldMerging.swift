internal import JSON
internal import Records

extension Resource {
    /// Gives a record what another has and it lacks: the values of some fields, lists of words, own fields and
    /// identifiers elsewhere.
    func fill(_ record: inout R, from other: R, _ names: Set<String>) {
        for field in fields {
            let own = field.json(record), more = field.json(other)
            switch field.kind {
            case .texts(let max, _):
                let words = own.array ?? []
                let all = words + (more.array ?? []).filter { !words.contains($0) }
                if all.count > words.count { field.assign(&record, .array(Array(all.prefix(max)))) }
            case .custom, .externalIDs:
                var object = own.object ?? [:]
                for (key, value) in more.object?.members ?? [] where object[key] == nil {
                    object[key] = value
                }
                field.assign(&record, .object(object))
            default:
                if names.contains(field.name), own.isNull { field.assign(&record, more) }
            }
        }
    }

    /// Takes back what was filled in; what a person changed since stays. `before` is the record as it was, and `others`
    /// are those from which it was filled.
    func empty(_ record: inout R, to before: JSONObject, of others: [JSON], _ names: Set<String>) {
        for field in fields {
            let now = field.json(record), was = before[field.name] ?? .null
            switch field.kind {
            case .texts:
                let own = was.array ?? []
                let added = others.flatMap { $0[field.name]?.array ?? [] }.filter { !own.contains($0) }
                field.assign(&record, .array((now.array ?? []).filter { !added.contains($0) }))
            case .custom, .externalIDs:
                var object = now.object ?? [:]
                for (key, value) in object.members where was[key] == nil {
                    if others.contains(where: { $0[field.name]?[key] == value }) { object.remove(key) }
                }
                field.assign(&record, .object(object))
            default:
                let cameFromMerge = was.isNull && others.contains { $0[field.name] == now }
                if names.contains(field.name), cameFromMerge { field.assign(&record, .null) }
            }
        }
    }

    /// Returns the record that its document describes.
    func record(of document: JSON) -> R {
        var record = R()
        for field in fields {
            if let value = document[field.name] { field.assign(&record, value) }
        }
        return record
    }
}
