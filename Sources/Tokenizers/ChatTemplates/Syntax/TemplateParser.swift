/// Reads a template's tokens into statements, with Jinja's grammar.
struct TemplateParser {
    private let tokens: [TemplateToken]
    private var position = 0
    private var depth = 0
    /// How many `for` bodies are open here; macros start anew.
    var openLoops = 0
    /// Whether an unknown filter or test is only an error when it is reached: Jinja lets a template choose by `if`.
    var allowsUnknownNames = false
    /// Errors of unknown filters and tests, which conditional expressions take back.
    var unknownNames: [ChatTemplateError] = []
    /// For each open macro the special names that its body reads.
    var specials: [Set<String>] = []

    private init(_ tokens: [TemplateToken]) { self.tokens = tokens }

    /// The statements of `source`.
    static func parse(_ source: String) throws(ChatTemplateError) -> [TemplateStatement] {
        var parser = TemplateParser(try TemplateLexer.tokens(of: source))
        let body = try parser.parseBody(until: [], of: nil)
        if let error = parser.unknownNames.first { throw error }
        return body
    }

    // MARK: Tokens

    /// The next token.
    var current: TemplateToken { tokens[position] }

    /// The token after the next one.
    var following: TemplateToken { tokens[min(position + 1, tokens.count - 1)] }

    /// Consumes the next token.
    @discardableResult mutating func advance() -> TemplateToken {
        let token = tokens[position]
        if position + 1 < tokens.count { position += 1 }
        return token
    }

    /// Whether the next token is this symbol.
    func isAt(_ symbol: TemplateOperator) -> Bool { current.kind == .symbol(symbol) }

    /// Whether the next token is this word.
    func isAt(_ word: String) -> Bool { current.kind == .name(word) }

    /// Consumes this symbol if it is next.
    mutating func consume(_ symbol: TemplateOperator) -> Bool {
        guard isAt(symbol) else { return false }
        advance()
        return true
    }

    /// Consumes this word if it is next.
    mutating func consume(_ word: String) -> Bool {
        guard isAt(word) else { return false }
        advance()
        return true
    }

    /// Consumes this symbol, which must be next.
    mutating func expect(_ symbol: TemplateOperator) throws(ChatTemplateError) {
        guard consume(symbol) else { throw expected("'\(symbol.rawValue)'") }
    }

    /// Consumes this word, which must be next.
    mutating func expect(_ word: String) throws(ChatTemplateError) {
        guard consume(word) else { throw expected("'\(word)'") }
    }

    /// Consumes a token of this kind, which must be next.
    mutating func expect(_ kind: TemplateToken.Kind, _ name: String) throws(ChatTemplateError) {
        guard current.kind == kind else { throw expected(name) }
        advance()
    }

    /// Consumes a name, which must be next.
    mutating func expectName(_ what: String) throws(ChatTemplateError) -> String {
        guard case .name(let name) = current.kind else { throw expected(what) }
        advance()
        return name
    }

    // MARK: Errors and limits

    /// What was expected here, and what is here instead.
    func expected(_ what: String) -> ChatTemplateError {
        ChatTemplateError(.syntax, line: current.line, "expected \(what), found \(current.description)")
    }

    /// A syntax error on a line.
    func failure(_ message: String, line: Int) -> ChatTemplateError {
        ChatTemplateError(.syntax, line: line, message)
    }

    /// Goes one level deeper for `body`.
    mutating func nested<Result>(
        _ body: (inout TemplateParser) throws(ChatTemplateError) -> Result
    ) throws(ChatTemplateError) -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= ChatTemplateLimits.syntaxDepth else { throw tooDeep(line: current.line) }
        return try body(&self)
    }

    /// A node above `children`, unless that makes the tree too deep.
    func node(
        _ node: TemplateExpression.Node, line: Int, _ children: [TemplateExpression] = []
    ) throws(ChatTemplateError) -> TemplateExpression {
        let expression = TemplateExpression(node, line: line, children: children)
        guard expression.depth <= ChatTemplateLimits.syntaxDepth else { throw tooDeep(line: line) }
        return expression
    }

    private func tooDeep(line: Int) -> ChatTemplateError {
        ChatTemplateError(
            .limitExceeded, line: line,
            "the template nests deeper than \(ChatTemplateLimits.syntaxDepth) levels")
    }
}
