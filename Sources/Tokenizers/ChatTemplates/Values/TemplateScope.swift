/// The variables of a scope, over those of the scope around it.
final class TemplateScope: Releasable {
    var variables: [String: RuntimeValue] = [:]
    let parent: TemplateScope?

    init(parent: TemplateScope?) { self.parent = parent }

    /// The value of a name here or further out.
    func find(_ name: String) -> RuntimeValue? {
        var scope: TemplateScope? = self
        while let current = scope {
            if let value = current.variables[name] { return value }
            scope = current.parent
        }
        return nil
    }

    func release() { variables = [:] }
}
