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

    /// Asks the services that serve the agency with the installation's keys.
    private func sharedTests(of tenant: TenantID) async throws -> [ConnectionTest] {
        var tests: [ConnectionTest] = []
        for provider in providers.all {
            let shared: SharedConnection? = try platform.database.read(tenant) { reader in
                for capability in provider.capabilities.sorted(by: { $0.rawValue < $1.rawValue }) {
                    if let shared = try self.shared(provider, for: capability, in: reader) { return shared }
                }
                return nil
            }
            guard let shared else { continue }
            guard try await takeShared(shared) == nil else {
                let used = IntegrationCheck.doubtful(
                    code: "quota_exhausted", detail: "The installation's key has no calls left for now.")
                tests.append(ConnectionTest(provider.name, nil, used, took: .zero))
                continue
            }
            let start = systemSteadyClock()
            let check = await provider.check(shared.access).redacted(by: shared.access)
            tests.append(ConnectionTest(provider.name, nil, check, took: systemSteadyClock() - start))
        }
        return tests
    }
}

extension ConnectionTest {
    fileprivate init(_ integration: Integration, _ trial: IntegrationTrial) {
        self.init(integration.provider, integration.id, trial.check, took: trial.took)
    }

    fileprivate init(
        _ provider: String, _ integration: IntegrationID?, _ check: IntegrationCheck, took: Duration
    ) {
        (self.provider, self.integration, self.took) = (provider, integration, took)
        switch check {
        case .good(let detail): (isGood, code, self.detail) = (true, nil, detail)
        case .doubtful(let code, let detail): (isGood, self.code, self.detail) = (true, code, detail)
        case .bad(let code, let detail), .unclear(let code, let detail):
            (isGood, self.code, self.detail) = (false, code, detail)
        }
    }
}
