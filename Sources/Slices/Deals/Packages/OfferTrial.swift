internal import Agents
package import Database
internal import JSON
internal import Nouns
internal import People
package import Records
package import Sequences
internal import Telemetry
internal import Templates

/// The experiment and variant that decide a person's offer while a price or a package is tried on people, or once it
/// has won.
struct OfferTrial: Sendable {
    let experiment: Experiment
    let variant: ExperimentVariant
    /// Whether the person takes part in it, or gets what the others are compared with.
    var isCounted = true

    /// As one tells it to the agency.
    var reason: Saying? {
        guard isCounted else { return nil }
        let (experiment, variant) = (Saying.Value.text(experiment.name), Saying.Value.text(variant.name))
        return self.experiment.status == .running
            ? Saying("package.tried", ["experiment": experiment, "variant": variant])
            : Saying("package.won", ["experiment": experiment, "variant": variant])
    }
}

extension PackageStore {
    func trial(
        of kind: Experiment.Kind, _ target: PackageID, for contact: ContactID?
    ) throws -> OfferTrial? {
        if let contact, let running = try tx.experiments.running(kind, target: target.text) {
            return OfferTrial(
                experiment: running, variant: try tx.experiments.variant(of: running, for: contact),
                isCounted: try tx.experiments.takesPart(contact, in: running))
        }
        // A price that has won is the package's own from then on; a package that has goes on standing for another.
        guard kind == .package, let won = try tx.experiments.won(kind, target: target.text),
            let variant = won.winner
        else { return nil }
        return OfferTrial(experiment: won, variant: variant)
    }

    /// A package at the price at which it is tried on somebody.
    func priced(_ package: ServicePackage, for contact: ContactID?) throws -> (ServicePackage, OfferTrial?) {
        guard let trial = try trial(of: .price, package.id, for: contact),
            let price = Money(offered: trial.variant.value)
        else { return (package, nil) }
        var priced = package
        priced.price = price
        return (priced, trial)
    }

    /// Returns the offer for somebody for whom a package is meant: another package with its trial, or the package
    /// itself.
    func offered(
        for package: ServicePackage, to contact: ContactID?
    ) throws -> (ServicePackage, OfferTrial?) {
        guard let trial = try trial(of: .package, package.id, for: contact),
            let id = trial.variant.value.text.flatMap({ PackageID($0) }),
            let other = try ServicePackage.resource.find(id, in: tx), !other.archived
        else { return (package, nil) }
        return (other, trial)
    }

    /// Returns the faults of an experiment about a price or a package.
    package func offerFaults(_ experiment: Experiment) throws -> [Fault] {
        var faults = Faults()
        func package(_ id: String?, _ pointer: String) throws -> ServicePackage? {
            let found = try id.flatMap { PackageID($0) }.flatMap {
                try ServicePackage.resource.find($0, in: tx)
            }
            if found == nil {
                faults.add(
                    pointer, "unknown_reference", "The package does not exist: choose another.")
            }
            return found
        }
        guard let target = try package(experiment.target, "/target") else { return faults.list }
        for (index, variant) in experiment.variants.list.enumerated() {
            let pointer = "/variants/\(index)/value"
            guard experiment.kind == .price else {
                _ = try package(variant.value.text, pointer)
                continue
            }
            guard let price = Money(offered: variant.value) else {
                faults.add(
                    pointer, "wrong_type", "The value must be an amount in minor units, with its currency.")
                continue
            }
            if price.currency != target.price.currency {
                faults.add(
                    "\(pointer)/currency", "invalid_currency",
                    "The currency must be \(target.price.currency), in which the package is sold.")
            }
            let bounds = PackagePrice.tried(target.price)
            if !bounds.contains(price.amount) {
                faults.add(
                    "\(pointer)/amount", "out_of_range",
                    "The price must be from \(bounds.lowerBound) to \(bounds.upperBound): half of the package's price to its double."
                )
            }
        }
        return faults.list
    }
}

package extension PackageStore where Base == Transaction {
    /// The price that has won is the package's from now on.
    func adopt(_ experiment: Experiment, _ winner: ExperimentVariant, by actor: Actor) throws {
        guard experiment.kind == .price, let price = Money(offered: winner.value),
            let id = experiment.target.flatMap({ PackageID($0) }),
            let old = try ServicePackage.resource.find(id, in: tx)
        else { return }
        var package = old
        package.price = price
        try tx.update(old, to: &package, by: actor)
    }
}

extension Money {
    fileprivate init?(offered value: JSON) {
        guard let amount = value["amount"]?.int, let currency = value["currency"]?.text else { return nil }
        self.init(amount: amount, currency: currency)
    }
}
