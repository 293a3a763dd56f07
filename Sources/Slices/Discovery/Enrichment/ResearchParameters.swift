internal import Agents
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// The parameters of a run of prospect research.
enum ResearchParameters {
    static func faults(_ parameters: JSON) -> [ValueFault] {
        guard let object = parameters.object else {
            return [fault("", "wrong_type", "parameters must be an object.")]
        }
        return object.members.flatMap { name, value in faults(of: name, value) }
    }

    private static func faults(of name: String, _ value: JSON) -> [ValueFault] {
        let pointer = "/\(name.pointerToken)"
        switch name {
        case "lead_id":
            return LeadID(value.text ?? "") == nil
                ? [fault(pointer, "unknown_reference", "lead_id must be the id of a lead.")] : []
        case "limit":
            return (1...100_000).contains(value.int ?? 0)
                ? [] : [fault(pointer, "out_of_range", "limit must be a whole number from 1 to 100000.")]
        case "refresh", "dry_run", "intensive", "found":
            return value.flag == nil ? [fault(pointer, "wrong_type", "\(name) must be true or false.")] : []
        case "max_cost":
            let isMoney = (value["amount"]?.int ?? -1) >= 0 && value["currency"]?.text != nil
            return value.isNull || isMoney
                ? [] : [fault(pointer, "wrong_type", "max_cost must be an amount with its currency.")]
        case "fields":
            guard let items = value.array else {
                return value.isNull ? [] : [fault(pointer, "wrong_type", "fields must be a list of names.")]
            }
            return items.enumerated().compactMap { place, item in
                EnrichmentSources.isField(item.text ?? "")
                    ? nil : fault("\(pointer)/\(place)", "unknown_field", "No source tells such a field.")
            }
        default:
            return [
                fault(
                    pointer, "unknown_field", "The agent has no parameter \(name.prefix(64)): leave it out.")
            ]
        }
    }

    private static func fault(_ pointer: String, _ code: String, _ detail: String) -> ValueFault {
        ValueFault(pointer: pointer, code: code, detail: detail)
    }

    static func wish(_ parameters: JSON) throws -> EnrichmentWish {
        var wish = EnrichmentWish()
        wish.fields = parameters["fields"]?.array?.compactMap(\.text)
        wish.costMax = parameters["max_cost"].flatMap(Money.init(json:))?.micros
        wish.refreshes = parameters["refresh"]?.flag ?? false
        wish.isDry = parameters["dry_run"]?.flag ?? false
        return wish
    }
}
