package import Agents
internal import JSON
internal import Records

extension ConnectorClient {
    /// Makes changes of one object's records, several in one request where the service takes that; returns what became
    /// of each, in their order: the identifier, or the failure.
    package func write(
        _ object: ConnectorObject, _ changes: [ConnectorChange]
    ) async throws -> [Result<String, ToolFailure>] {
        var outcomes = [Result<String, ToolFailure>?](repeating: nil, count: changes.count)
        let creates = changes.indices.filter { changes[$0].isCreate }
        let updates = changes.indices.filter { !changes[$0].isCreate }
        for (group, writing) in [(creates, object.create), (updates, object.update)] where !group.isEmpty {
            let hasSteps = { (index: Int) in
                changes[index].fields.members.contains { object[field: $0.key]?.isInBody == false }
            }
            // A record that is set by steps, or read before, goes alone.
            let together = group.filter { index in
                writing?.keepsRest == false && !hasSteps(index)
                    && (writing?.batch?.needsMatch != true || changes[index].match != nil)
            }
            if let batch = writing?.batch, together.count > 1 {
                for start in stride(from: 0, to: together.count, by: batch.size) {
                    let part = Array(together[start..<min(start + batch.size, together.count)])
                    let results = try await send(part.map { changes[$0] }, batch, object)
                    for (index, result) in zip(part, results) { outcomes[index] = result }
                }
            }
            for index in group where outcomes[index] == nil {
                outcomes[index] = try await one(changes[index], object)
            }
        }
        return outcomes.compactMap(\.self)
    }

    private func one(
        _ change: ConnectorChange, _ object: ConnectorObject
    ) async throws -> Result<String, ToolFailure> {
        do {
            switch change.kind {
            case .create:
                return .success(
                    try await create(object, change.fields, key: change.key, own: change.own))
            case .update(let id):
                try await update(object, id, change.fields, key: change.key)
                return .success(id)
            }
        } catch let failure as ToolFailure {
            // Of what ends a run each of them would be told the same.
            if failure.endsRun { throw failure }
            return .failure(failure)
        }
    }

    private func send(
        _ changes: [ConnectorChange], _ batch: ConnectorBatch, _ object: ConnectorObject
    ) async throws -> [Result<String, ToolFailure>] {
        var outcomes = [Result<String, ToolFailure>?](repeating: nil, count: changes.count)
        var sent: [Int] = [], items: [(record: JSON, names: ConnectorNames)] = []
        for (index, change) in changes.enumerated() {
            var names = names(of: object)
            names["own"] = change.own.map { .string($0) }
            names["key"] = change.match.map { .string($0) }
            if case .update(let id) = change.kind { names["id"] = .string(id) }
            do throws(ToolFailure) {
                items.append((batch.record.setting(try object.record(change.fields), in: [:]), names))
                sent.append(index)
            } catch {
                outcomes[index] = .failure(error)
            }
        }
        guard let first = sent.first else { return outcomes.compactMap(\.self) }
        let (whole, names) = (items, names(of: object))
        do {
            let answer = try await pass(WriteConnectorTool.name, key: changes[first].key) {
                wire, reach async throws(ToolFailure) in
                let list = whole.map { item in
                    (batch.each.flatMap { wire.fill($0, item.names) } ?? [:]).deepened(by: item.record)
                }
                let extra = ConnectorWire.Extra(
                    places: [(batch.items, .array(list))], key: changes[first].key, fields: object.fields)
                return try await wire.ask(batch.question, names, extra, reach)
            }
            let told = batch.outcomes(of: sent.map { changes[$0] }, in: answer.body)
            for (index, outcome) in zip(sent, told) { outcomes[index] = outcome }
        } catch let failure as ToolFailure {
            if failure.endsRun { throw failure }
            for index in sent { outcomes[index] = .failure(failure) }
        }
        return outcomes.compactMap(\.self)
    }
}

extension ConnectorChange {
    fileprivate var isCreate: Bool { if case .create = kind { true } else { false } }

    /// The text by which an outcome is known to be of this change.
    fileprivate var mark: String? { if case .update(let id) = kind { id } else { match } }
}

extension ToolFailure {
    /// Whether nothing more can be asked of the service now, whatever it is.
    fileprivate var endsRun: Bool {
        [
            "rate_limited", "quota_exhausted", "quota_near", "circuit_open", "unauthenticated", "disabled",
            "sandbox",
            "access_refused", "unreachable",
        ].contains(code)
    }
}

extension ConnectorBatch {
    /// Returns what became of each change, in their order.
    fileprivate func outcomes(
        of changes: [ConnectorChange], in answer: JSON
    ) -> [Result<String, ToolFailure>] {
        let missing = ToolFailure(
            "invalid_answer", "the answer does not say what became of the record", isRetryable: false,
            isAmbiguous: true)
        guard let told = results.value(in: answer)?.array else {
            return changes.map { _ in .failure(missing) }
        }
        guard let match else {
            let refused = ToolFailure("refused", "the service did not take the record", isRetryable: false)
            let failures = failed?.list.value(in: answer)?.array ?? []
            let numbers = Set(failures.compactMap { failed?.number.value(in: $0)?.int.map { Int($0) } })
            guard told.count + numbers.count == changes.count else {
                return changes.map { _ in .failure(missing) }
            }
            var rest = told[...]
            return changes.enumerated().map { index, change in
                numbers.contains(index) ? .failure(refused) : outcome(rest.removeFirst(), of: change)
            }
        }
        let byMark = Dictionary(
            told.compactMap { one in match.value(in: one)?.identifier.map { ($0.lowercased(), one) } }
        ) { first, _ in first }
        return changes.map { change in
            guard let one = change.mark.flatMap({ byMark[$0.lowercased()] }) else {
                // The service names those that it took.
                return .failure(
                    ToolFailure("refused", "the service did not take the record", isRetryable: false))
            }
            return outcome(one, of: change)
        }
    }

    private func outcome(_ told: JSON, of change: ConnectorChange) -> Result<String, ToolFailure> {
        let number = status?.value(in: told)?.int ?? 200
        let isGood = success.map { $0.value(in: told)?.flag == true } ?? true
        guard isGood, (200..<300).contains(number) else {
            return .failure(
                ToolFailure(
                    number == 429 ? "rate_limited" : number == 404 ? "not_found" : "refused",
                    "the service did not take the record" + (number == 200 ? "" : ": \(number)"),
                    isRetryable: number == 429))
        }
        if let id = id.value(in: told)?.identifier { return .success(id) }
        if case .update(let id) = change.kind { return .success(id) }
        return .failure(
            ToolFailure(
                "invalid_answer", "the answer has no identifier of the new record", isRetryable: false,
                isAmbiguous: true))
    }
}
