package import Database

/// Projects and tasks: `tx.projects`.
package struct ProjectStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var projects: ProjectStore<Self> { ProjectStore(tx: self) }
}
