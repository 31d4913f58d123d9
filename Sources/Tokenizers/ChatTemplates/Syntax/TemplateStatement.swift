/// A node of a template's body.
struct TemplateStatement: Sendable {
    indirect enum Node: Sendable {
        case text(String)
        case output([TemplateExpression])
        case assign(TemplateTarget, TemplateExpression)
        case assignBlock(TemplateTarget, filters: [TemplateFilterCall], body: [TemplateStatement])
        case loop(TemplateLoop)
        case choice([(test: TemplateExpression, body: [TemplateStatement])], otherwise: [TemplateStatement])
        case macro(TemplateMacro)
        /// A call that gets the body as `caller`.
        case callBlock(TemplateMacro, call: TemplateExpression)
        case filterBlock([TemplateFilterCall], body: [TemplateStatement])
        case with([(target: TemplateTarget, value: TemplateExpression)], body: [TemplateStatement])
        /// A body whose assignments stay inside, as `{% generation %}` has.
        case scope([TemplateStatement])
        case exitLoop
        case nextIteration
    }

    let node: Node
    let line: Int
}

/// What an assignment writes to.
indirect enum TemplateTarget: Sendable {
    case name(String)
    /// A member of a `namespace`.
    case attribute(of: String, String)
    case tuple([TemplateTarget])
}

/// A `for` statement.
struct TemplateLoop: Sendable {
    let target: TemplateTarget
    let values: TemplateExpression
    let condition: TemplateExpression?
    let isRecursive: Bool
    let body: [TemplateStatement]
    let otherwise: [TemplateStatement]
}

/// A macro, or the body of a `call` block.
struct TemplateMacro: Sendable {
    let name: String?
    let parameters: [(name: String, fallback: TemplateExpression?)]
    let body: [TemplateStatement]
    /// Which of `caller`, `varargs` and `kwargs` the body reads: only then a call may carry them.
    let specials: Set<String>
}
