package import Records

extension IntegrationProvider {
    package var ways: [[String]] { [] }

    package func faults(in credentials: [String: String]) -> [Fault] {
        guard let first = ways.first?.first,
            !ways.contains(where: { way in way.allSatisfy { credentials[$0] != nil } })
        else { return [] }
        let names = ways.map { $0.joined(separator: " and ") }.joined(separator: ", or ")
        return [Fault("/credentials/\(first)", "required", "\(title) needs \(names).")]
    }
}
