internal import Database
package import Nouns
internal import Records

extension PackageStore {
    /// Returns the first package, in their order, with contents that answer a need and are no part of another one.
    package func needed(
        _ needs: [String], beyond own: PackageID
    ) throws -> (package: ServicePackage, need: String)? {
        guard let owned = try ServicePackage.resource.find(own, in: tx) else { return nil }
        let others = try ServicePackage.resource.all(
            where: "archived = 0", suffix: "ORDER BY position, id LIMIT 200", in: tx)
        for package in others where package.id != own {
            for content in PackageFit.needed(needs, in: package)
            where !PackageFit.isPart(content, of: owned) {
                if let need = PackageFit.need(needs, of: content) { return (package, need) }
            }
        }
        return nil
    }
}
