package import Database
package import JSON
internal import Intelligence
internal import Jobs
package import Nouns
internal import Records
internal import Tenancy
internal import Telemetry

/// The outcome of one connection's test.
package struct ConnectionTest: Sendable {
    package let provider: String
    /// `nil`: the installation's key, or a model.
    package let integration: IntegrationID?
    package let isGood: Bool
    package let code: String?, detail: String
    package let took: Duration

    package var json: JSON {
        [
            "provider": .string(provider), "integration_id": JSON(integration), "ok": .bool(isGood),
            "code": JSON(code), "detail": .string(detail), "milliseconds": .integer(took.microseconds / 1000),
        ]
    }
}

extension IntegrationServices {
    /// Asks every service and model that an agency has connected and not switched off, one after the other, and keeps
    /// the outcomes as tests of the integrations.
    package func testAll(of tenant: TenantID) async throws -> [ConnectionTest] {
        let all = try platform.database.read(tenant) { reader in
            try Integration.resource.all(where: "status <> 'disabled'", suffix: "ORDER BY id", in: reader)
        }
        var tests: [ConnectionTest] = []
        for integration in all {
            let found = try platform.database.read(tenant) { try provider(integration.provider, in: $0) }
            guard let found else {
                tests.append(
                    ConnectionTest(
                        provider: integration.provider, integration: integration.id, isGood: false,
                        code: "unknown_provider",
                        detail: "The provider \(integration.provider) does not exist.",
                        took: .zero))
                continue
            }
            let trial = try await trial(of: integration, tenant, found)
            try await platform.database.write(tenant) { [platform] tx in
                try tx.integrations.noteTrial(trial, of: integration.id, by: .system, platform)
            }
            tests.append(ConnectionTest(integration, trial))
        }
        return try await tests + sharedTests(of: tenant) + modelTests(of: tenant)
    }

    /// Asks the models that the agency's agents ask: its own, or the installation's.
    private func modelTests(of tenant: TenantID) async throws -> [ConnectionTest] {
        let own = try platform.database.read(tenant) { reader in
            try LanguageModel.resource.all(where: "1 = 1", suffix: "ORDER BY position, id", in: reader)
        }
        let routes = try own.filter(\.isEnabled).map { try $0.route(platform.secrets, tenant) }
        var tests: [ConnectionTest] = []
        for route in own.isEmpty ? platform.sharedModel.map({ [$0] }) ?? [] : routes {
            let start = systemSteadyClock()
            let told = try await ModelTrial(of: route, over: platform, tenant, .system).english
            tests.append(
                ConnectionTest(
                    provider: own.isEmpty ? route.name : "model \(route.name)", integration: nil,
                    isGood: told["ok"] == true, code: told["code"]?.text,
                    detail: told["detail"]?.text ?? "", took: systemSteadyClock() - start))
        }
        return tests
    }

    /// Asks the services that serve the agency with the installation's keys, once with each key.
    private func sharedTests(of tenant: TenantID) async throws -> [ConnectionTest] {
        var tests: [ConnectionTest] = []
        for provider in providers.all {
            let keys = try platform.database.read(tenant) { try sharedKeys(of: provider, in: $0) }
            for key in keys {
                // Of several it is told which one is meant.
                let variable = keys.count > 1 ? key.variable : nil
                guard try await takeShared(key.way) == nil else {
                    let used = IntegrationCheck.doubtful(
                        code: "quota_exhausted", detail: "The installation's key has no calls left for now.")
                    tests.append(ConnectionTest(provider.name, nil, used, by: variable, took: .zero))
                    continue
                }
                let start = systemSteadyClock()
                let check = await provider.check(key.way.access).redacted(by: key.way.access)
                let took = systemSteadyClock() - start
                tests.append(ConnectionTest(provider.name, nil, check, by: variable, took: took))
            }
        }
        return tests
    }

    /// Returns the ways to a service by the installation's keys, one for each key, with the variable that has it.
    private func sharedKeys(
        of provider: any IntegrationProvider, in reader: some Queryable
    ) throws -> [(variable: String, way: SharedConnection)] {
        var keys: [(variable: String, way: SharedConnection)] = []
        for capability in provider.capabilities.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let variable = connections.variable(of: provider.name, for: capability),
                let way = try shared(provider, for: capability, in: reader),
                !keys.contains(where: { $0.way.access.credentials == way.access.credentials })
            else { continue }
            keys.append((variable, way))
        }
        return keys
    }
}

extension ConnectionTest {
    fileprivate init(_ integration: Integration, _ trial: IntegrationTrial) {
        self.init(integration.provider, integration.id, trial.check, took: trial.took)
    }

    /// `variable`: that of the key by which the service was asked, where it has several.
    fileprivate init(
        _ provider: String, _ integration: IntegrationID?, _ check: IntegrationCheck,
        by variable: String? = nil, took: Duration
    ) {
        (self.provider, self.integration, self.took) = (provider, integration, took)
        let told: String
        switch check {
        case .good(let detail): (isGood, code, told) = (true, nil, detail)
        case .doubtful(let code, let detail): (isGood, self.code, told) = (true, code, detail)
        case .bad(let code, let detail), .unclear(let code, let detail):
            (isGood, self.code, told) = (false, code, detail)
        }
        detail = variable.map { "\($0): \(told)" } ?? told
    }
}
