extension TemplateParser {
    /// Reads members, items, slices and calls that follow an expression.
    mutating func parsePostfix(_ base: TemplateExpression) throws(ChatTemplateError) -> TemplateExpression {
        var result = base
        while true {
            let line = current.line
            if consume(.dot) {
                result = try parseMember(of: result, line: line)
            } else if consume(.leftBracket) {
                result = try parseSubscript(of: result, line: line)
            } else if isAt(.leftParenthesis) {
                result = try parseCall(of: result)
            } else {
                return result
            }
        }
    }

    /// Reads filters, tests and calls that follow an expression.
    mutating func parseFilters(_ base: TemplateExpression) throws(ChatTemplateError) -> TemplateExpression {
        var result = base
        while true {
            if isAt(.pipe) {
                for filter in try parseFilterChain() {
                    result = try node(
                        .filter(result, filter), line: filter.line, [result] + filter.arguments.children)
                }
            } else if isAt("is") {
                result = try parseTest(of: result)
            } else if isAt(.leftParenthesis) {
                result = try parseCall(of: result)
            } else {
                return result
            }
        }
    }

    private mutating func parseMember(
        of base: TemplateExpression, line: Int
    ) throws(ChatTemplateError) -> TemplateExpression {
        switch current.kind {
        case .name(let name):
            advance()
            return try node(.attribute(base, name), line: line, [base])
        case .integer(let index):
            advance()
            let item = try node(.constant(.int(index)), line: line)
            return try node(.item(base, item), line: line, [base, item])
        default: throw expected("the name or number of a member")
        }
    }

    // MARK: Items and slices

    private mutating func parseSubscript(
        of base: TemplateExpression, line: Int
    ) throws(ChatTemplateError) -> TemplateExpression {
        if isAt(.rightBracket) { throw expected("an index") }
        if isAt(.colon) { return try parseSlice(of: base, start: nil, line: line) }
        let first = try parseExpression()
        if isAt(.colon) { return try parseSlice(of: base, start: first, line: line) }
        var indices = [first]
        while consume(.comma) {
            indices.append(try parseExpression())
        }
        try expect(.rightBracket)
        let index = indices.count == 1 ? first : try node(.tuple(indices), line: line, indices)
        return try node(.item(base, index), line: line, [base, index])
    }

    private mutating func parseSlice(
        of base: TemplateExpression, start: TemplateExpression?, line: Int
    ) throws(ChatTemplateError) -> TemplateExpression {
        var slice = TemplateSlice(start: start)
        try expect(.colon)
        if !isAt(.colon), !isAt(.rightBracket) { slice.stop = try parseExpression() }
        if consume(.colon), !isAt(.rightBracket) { slice.step = try parseExpression() }
        try expect(.rightBracket)
        let bounds = [slice.start, slice.stop, slice.step].compactMap { $0 }
        return try node(.slice(base, slice), line: line, [base] + bounds)
    }

    // MARK: Calls, filters and tests

    private mutating func parseCall(of base: TemplateExpression) throws(ChatTemplateError)
        -> TemplateExpression
    {
        let line = current.line
        let arguments = try parseArguments()
        return try node(.call(base, arguments), line: line, [base] + arguments.children)
    }

    private mutating func parseArguments() throws(ChatTemplateError) -> TemplateCallArguments {
        var arguments = TemplateCallArguments()
        try expect(.leftParenthesis)
        while !isAt(.rightParenthesis) {
            let line = current.line
            if case .name(let name) = current.kind, following.kind == .symbol(.assign) {
                advance()
                advance()
                guard arguments.unpackedNamed == nil, !arguments.named.contains(where: { $0.name == name })
                else {
                    throw failure("argument '\(name)' is given twice or after '**'", line: line)
                }
                arguments.named.append((name, try parseExpression()))
            } else if consume(.multiply) {
                guard arguments.unpackedPositional == nil, arguments.unpackedNamed == nil else {
                    throw failure("'*' arguments are given twice or after '**'", line: line)
                }
                arguments.unpackedPositional = try parseExpression()
            } else if consume(.power) {
                guard arguments.unpackedNamed == nil else {
                    throw failure("'**' arguments are given twice", line: line)
                }
                arguments.unpackedNamed = try parseExpression()
            } else {
                guard arguments.named.isEmpty, arguments.unpackedPositional == nil,
                    arguments.unpackedNamed == nil
                else { throw failure("a positional argument follows a named one", line: line) }
                arguments.positional.append(try parseExpression())
            }
            if !consume(.comma) { break }
        }
        try expect(.rightParenthesis)
        return arguments
    }

    /// Reads `| name(arguments) | ...`; the first `|` may be left out.
    mutating func parseFilterChain() throws(ChatTemplateError) -> [TemplateFilterCall] {
        _ = consume(.pipe)
        var filters: [TemplateFilterCall] = []
        repeat {
            let line = current.line
            let name = try parseDottedName("the name of a filter")
            check(name, in: TemplateFilters.all[name] != nil, "filter", line: line)
            let arguments = isAt(.leftParenthesis) ? try parseArguments() : TemplateCallArguments()
            filters.append(TemplateFilterCall(name: name, arguments: arguments, line: line))
        } while consume(.pipe)
        return filters
    }

    private mutating func parseTest(of base: TemplateExpression) throws(ChatTemplateError)
        -> TemplateExpression
    {
        let line = advance().line
        let isNegated = consume("not")
        let name = try parseDottedName("the name of a test")
        check(name, in: TemplateTests.all[name] != nil, "test", line: line)
        var arguments = TemplateCallArguments()
        if isAt(.leftParenthesis) {
            arguments = try parseArguments()
        } else if beginsTestArgument {
            if isAt("is") { throw failure("tests cannot be chained with 'is'", line: line) }
            arguments.positional = [try parsePostfix(try parsePrimary())]
        }
        let call = TemplateFilterCall(name: name, arguments: arguments, line: line)
        let test = try node(.test(base, call), line: line, [base] + arguments.children)
        return isNegated ? try node(.not(test), line: line, [test]) : test
    }

    /// Whether an argument without parentheses follows the name of a test.
    private var beginsTestArgument: Bool {
        switch current.kind {
        case .name(let name): !["else", "or", "and"].contains(name)
        case .string, .integer, .float, .symbol(.leftBracket), .symbol(.leftBrace): true
        default: false
        }
    }

    private mutating func parseDottedName(_ what: String) throws(ChatTemplateError) -> String {
        var name = try expectName(what)
        while consume(.dot) { name += "." + (try expectName(what)) }
        return name
    }

    private mutating func check(_ name: String, in isKnown: Bool, _ what: String, line: Int) {
        guard !isKnown, !allowsUnknownNames else { return }
        unknownNames.append(
            ChatTemplateError(.unsupported, line: line, "the \(what) '\(name)' is not supported"))
    }
}
