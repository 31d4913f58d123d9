/// A node of an expression.
struct TemplateExpression: Sendable {
    indirect enum Node: Sendable {
        /// A literal: none, a boolean, a number or a string.
        case constant(TemplateValue)
        case name(String)
        case list([TemplateExpression])
        case tuple([TemplateExpression])
        case dictionary([(key: TemplateExpression, value: TemplateExpression)])
        case attribute(TemplateExpression, String)
        case item(TemplateExpression, TemplateExpression)
        case slice(TemplateExpression, TemplateSlice)
        case call(TemplateExpression, TemplateCallArguments)
        case filter(TemplateExpression, TemplateFilterCall)
        case test(TemplateExpression, TemplateFilterCall)
        case not(TemplateExpression)
        case negative(TemplateExpression)
        case positive(TemplateExpression)
        /// A first operand and what is done to it in order, from left to right.
        case arithmetic(TemplateExpression, [(operation: TemplateOperator, operand: TemplateExpression)])
        case concatenation([TemplateExpression])
        case comparison(TemplateExpression, [(operation: TemplateComparison, operand: TemplateExpression)])
        case and([TemplateExpression])
        case or([TemplateExpression])
        case conditional(
            test: TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)
    }

    let node: Node
    let line: Int
    /// How deep the tree below is: evaluation and release of the tree recurse this far.
    let depth: Int

    /// A node above `children`.
    init(_ node: Node, line: Int, children: [TemplateExpression] = []) {
        self.node = node
        self.line = line
        depth = 1 + (children.map(\.depth).max() ?? 0)
    }
}

/// The comparisons, which Python chains: `a < b < c` is `a < b and b < c`.
enum TemplateComparison: Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, contained, notContained
}

/// The bounds of `value[start:stop:step]`.
struct TemplateSlice: Sendable {
    var start: TemplateExpression?
    var stop: TemplateExpression?
    var step: TemplateExpression?
}

/// What stands between the parentheses of a call.
struct TemplateCallArguments: Sendable {
    var positional: [TemplateExpression] = []
    var named: [(name: String, value: TemplateExpression)] = []
    /// `*values`.
    var unpackedPositional: TemplateExpression?
    /// `**values`.
    var unpackedNamed: TemplateExpression?

    /// Every expression in here.
    var children: [TemplateExpression] {
        positional + named.map(\.value) + [unpackedPositional, unpackedNamed].compactMap { $0 }
    }
}

/// A filter or a test with its arguments.
struct TemplateFilterCall: Sendable {
    let name: String
    let arguments: TemplateCallArguments
    let line: Int
}
