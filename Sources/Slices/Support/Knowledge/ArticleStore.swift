package import Database

/// Articles: `tx.articles`.
package struct ArticleStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var articles: ArticleStore<Self> { ArticleStore(tx: self) }
}
