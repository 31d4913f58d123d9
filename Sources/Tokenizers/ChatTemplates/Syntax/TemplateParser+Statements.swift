extension TemplateParser {
    private static let unsupportedTags: Set<String> = [
        "autoescape", "block", "debug", "do", "extends", "from", "import", "include", "pluralize", "trans",
    ]

    /// Reads statements until a block that begins with one of the words `ends`, which stays unread;
    /// with no `ends` until the end of the template.
    mutating func parseBody(
        until ends: [String], of tag: String?
    ) throws(ChatTemplateError) -> [TemplateStatement] {
        var body: [TemplateStatement] = []
        while true {
            let token = current
            switch token.kind {
            case .text(let text):
                advance()
                body.append(TemplateStatement(node: .text(text), line: token.line))
            case .outputBegin:
                advance()
                let value = try parseTuple()
                try expect(.outputEnd, "'}}'")
                body.append(TemplateStatement(node: .output([value]), line: token.line))
            case .blockBegin:
                advance()
                if case .name(let word) = current.kind, ends.contains(word) { return body }
                body.append(
                    try nested { parser throws(ChatTemplateError) in try parser.parseStatement(in: tag) })
                try expect(.blockEnd, "'%}'")
            default:
                if let tag { throw expected("'{% \(ends[ends.count - 1]) %}' for '{% \(tag) %}'") }
                guard token.kind == .end else { throw expected("text or a tag") }
                return body
            }
        }
    }

    /// Reads the end of a tag, then its body; the words that end the body stay unread.
    mutating func parseBlock(until ends: [String], of tag: String) throws(ChatTemplateError)
        -> [TemplateStatement]
    {
        _ = consume(.colon)
        try expect(.blockEnd, "'%}'")
        return try parseBody(until: ends, of: tag)
    }

    /// Reads a body that only `end<tag>` ends, and where unknown names are errors again.
    private mutating func parseWholeBlock(_ tag: String) throws(ChatTemplateError) -> [TemplateStatement] {
        let outer = allowsUnknownNames
        allowsUnknownNames = false
        defer { allowsUnknownNames = outer }
        let body = try parseBlock(until: ["end" + tag], of: tag)
        advance()
        return body
    }

    private mutating func parseStatement(in tag: String?) throws(ChatTemplateError) -> TemplateStatement {
        let line = current.line
        let word = try expectName("the name of a tag")
        let node: TemplateStatement.Node
        switch word {
        case "if": node = try parseChoice()
        case "for": node = try parseLoop()
        case "set": node = try parseAssignment()
        case "macro": node = .macro(try parseMacro(name: try expectName("the name of the macro"), tag: word))
        case "call": node = try parseCallBlock(line: line)
        case "filter": node = .filterBlock(try parseFilterChain(), body: try parseWholeBlock(word))
        case "with": node = try parseWith()
        case "generation": node = .scope(try parseWholeBlock(word))
        case "print":
            var values: [TemplateExpression] = []
            while current.kind != .blockEnd {
                if !values.isEmpty { try expect(.comma) }
                values.append(try parseExpression())
            }
            node = .output(values)
        case "break", "continue":
            guard openLoops > 0 else { throw failure("'\(word)' stands outside of a loop", line: line) }
            node = word == "break" ? .exitLoop : .nextIteration
        default:
            if Self.unsupportedTags.contains(word) {
                throw ChatTemplateError(.unsupported, line: line, "the tag '{% \(word) %}' is not supported")
            }
            let wanted = tag.map { ", expected '{% end\($0) %}' or a tag" } ?? ""
            throw failure("unknown tag '{% \(word) %}'\(wanted)", line: line)
        }
        return TemplateStatement(node: node, line: line)
    }

    // MARK: Choices and loops

    private mutating func parseChoice() throws(ChatTemplateError) -> TemplateStatement.Node {
        let outer = allowsUnknownNames
        allowsUnknownNames = true
        defer { allowsUnknownNames = outer }
        var branches: [(test: TemplateExpression, body: [TemplateStatement])] = []
        repeat {
            let test = try parseTuple(withConditional: false)
            branches.append((test, try parseBlock(until: ["elif", "else", "endif"], of: "if")))
        } while consume("elif")
        var otherwise: [TemplateStatement] = []
        if consume("else") { otherwise = try parseBlock(until: ["endif"], of: "if") }
        try expect("endif")
        return .choice(branches, otherwise: otherwise)
    }

    private mutating func parseLoop() throws(ChatTemplateError) -> TemplateStatement.Node {
        let outer = allowsUnknownNames
        defer { allowsUnknownNames = outer }
        openLoops += 1
        let target = try parseTarget(allowingAttributes: false)
        openLoops -= 1
        try expect("in")
        let values = try parseTuple(withConditional: false, until: "recursive")
        allowsUnknownNames = false
        let condition = consume("if") ? try parseExpression() : nil
        let isRecursive = consume("recursive")
        openLoops += 1
        let body = try parseBlock(until: ["else", "endfor"], of: "for")
        openLoops -= 1
        var otherwise: [TemplateStatement] = []
        if consume("else") { otherwise = try parseBlock(until: ["endfor"], of: "for") }
        try expect("endfor")
        return .loop(
            TemplateLoop(
                target: target, values: values, condition: condition, isRecursive: isRecursive, body: body,
                otherwise: otherwise))
    }

    // MARK: Assignments

    private mutating func parseAssignment() throws(ChatTemplateError) -> TemplateStatement.Node {
        let target = try parseTarget(allowingAttributes: true)
        if consume(.assign) { return .assign(target, try parseTuple()) }
        let filters = isAt(.pipe) ? try parseFilterChain() : []
        return .assignBlock(target, filters: filters, body: try parseWholeBlock("set"))
    }

    private mutating func parseWith() throws(ChatTemplateError) -> TemplateStatement.Node {
        var values: [(target: TemplateTarget, value: TemplateExpression)] = []
        while current.kind != .blockEnd {
            if !values.isEmpty { try expect(.comma) }
            let target = try parseTarget(allowingAttributes: false)
            try expect(.assign)
            values.append((target, try parseExpression()))
        }
        return .with(values, body: try parseWholeBlock("with"))
    }

    /// Reads what is assigned to: a name, a member of a namespace, or several with commas.
    private mutating func parseTarget(allowingAttributes: Bool) throws(ChatTemplateError) -> TemplateTarget {
        var targets: [TemplateTarget] = []
        var isTuple = false
        while true {
            if case .name(let name) = current.kind, name != "in" {
                targets.append(try parseNameTarget(allowingAttributes: allowingAttributes))
            } else if isAt(.leftParenthesis) {
                advance()
                targets.append(
                    try nested { parser throws(ChatTemplateError) in
                        try parser.parseTarget(allowingAttributes: false)
                    })
                try expect(.rightParenthesis)
            } else if isTuple {
                break
            } else {
                throw expected("a name to assign to")
            }
            guard isAt(.comma) else { break }
            advance()
            isTuple = true
        }
        return isTuple ? .tuple(targets) : targets[0]
    }

    private mutating func parseNameTarget(allowingAttributes: Bool) throws(ChatTemplateError)
        -> TemplateTarget
    {
        let line = current.line
        let name = try expectName("a name to assign to")
        guard !["true", "false", "none", "True", "False", "None"].contains(name) else {
            throw failure("'\(name)' cannot be assigned to", line: line)
        }
        if allowingAttributes, consume(.dot) {
            return .attribute(of: name, try expectName("the name of a member"))
        }
        guard name != "loop" || openLoops == 0 else {
            throw failure("'loop' cannot be assigned to inside of a loop", line: line)
        }
        return .name(name)
    }

    // MARK: Macros

    private mutating func parseMacro(name: String?, tag: String) throws(ChatTemplateError) -> TemplateMacro {
        let parameters = try parseParameters()
        return try parseMacroBody(name: name, tag: tag, parameters: parameters)
    }

    private mutating func parseParameters() throws(ChatTemplateError) -> [(
        name: String, fallback: TemplateExpression?
    )] {
        var parameters: [(name: String, fallback: TemplateExpression?)] = []
        try expect(.leftParenthesis)
        while !isAt(.rightParenthesis) {
            if !parameters.isEmpty { try expect(.comma) }
            let line = current.line
            let name = try expectName("the name of a parameter")
            let fallback = consume(.assign) ? try parseExpression() : nil
            if fallback == nil, parameters.last?.fallback != nil {
                throw failure("parameter '\(name)' needs a default as the one before it has", line: line)
            }
            if parameters.contains(where: { $0.name == name }) {
                throw failure("parameter '\(name)' appears twice", line: line)
            }
            parameters.append((name, fallback))
        }
        advance()
        return parameters
    }

    private mutating func parseMacroBody(
        name: String?, tag: String, parameters: [(name: String, fallback: TemplateExpression?)]
    ) throws(ChatTemplateError) -> TemplateMacro {
        let loops = openLoops
        openLoops = 0
        specials.append([])
        defer { openLoops = loops }
        let body = try parseWholeBlock(tag)
        var read = specials.removeLast()
        if !specials.isEmpty { specials[specials.count - 1].formUnion(read) }
        read.subtract(parameters.map(\.name))
        return TemplateMacro(name: name, parameters: parameters, body: body, specials: read)
    }

    private mutating func parseCallBlock(line: Int) throws(ChatTemplateError) -> TemplateStatement.Node {
        let parameters = isAt(.leftParenthesis) ? try parseParameters() : []
        let call = try parseExpression()
        guard case .call = call.node else { throw failure("expected a call after 'call'", line: line) }
        return .callBlock(try parseMacroBody(name: nil, tag: "call", parameters: parameters), call: call)
    }
}
