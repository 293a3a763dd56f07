package import Database

/// Templates: `tx.templates`.
package struct TemplateStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var templates: TemplateStore<Self> { TemplateStore(tx: self) }
}
