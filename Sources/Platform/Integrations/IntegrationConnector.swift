package import Agents
internal import Records
internal import Nouns
package import Telemetry
package import Tenancy

extension Integration {
    /// The integration as the gate chooses among those that can do the same: on a client's behalf those of the client
    /// come before the agency's own.
    package func connector(for tenant: Tenant, at now: Instant) -> Connector {
        let tariff = tariff(in: tenant.currency)
        return Connector(
            id, name: title, priority: clientID == nil ? 1000 + priority : priority,
            price: tariff.price(on: tenant.day(of: now).daysSinceEpoch), limits: toolLimits,
            included: tariff.included, pacing: pacing)
    }
}
