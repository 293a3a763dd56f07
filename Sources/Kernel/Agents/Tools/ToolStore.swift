package import Database

/// Tools, and the calls of them: `tx.tools`.
package struct ToolStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var tools: ToolStore<Self> { ToolStore(tx: self) }
}
