// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"

#include <memory>
#include <optional>

namespace slotscope {

class FormatTree;

/// Syntax highlighting for the text in an editor.
enum class Syntax : quint8 { Plain, Json, Xml, Html, Yaml, Hex };

struct FormatNote
{
    enum class Kind : quint8 { Info, Warning };
    Kind kind = Kind::Info;
    QString text;
};

/// Where and why a layer could not be read completely.
struct FormatProblem
{
    int step = 0; ///< index in the chain
    qsizetype offset = 0; ///< offset in the input of this step
    int line = 0, column = 0; ///< counted from 1; 0 if the form has no lines
    QString words;
};

/// Facts about an image from its header; the window paints it.
struct ImageFacts
{
    QString format;
    int width = 0, height = 0;
};

struct Decoded
{
    FormatChain chain;
    QByteArray inner; ///< bytes after all unwrapping steps
    QString text; ///< text for an editor; for a structure that is not JSON, extended JSON (docs/formats.md)
    Syntax syntax = Syntax::Plain;
    std::shared_ptr<const FormatTree> tree; ///< null if there is no structure
    std::optional<ImageFacts> image;
    QList<FormatNote> notes;
    std::optional<FormatProblem> problem; ///< the other fields contain what was read before the problem
    bool truncated = false; ///< a limit was reached, so there is more data
    QList<qsizetype> sizes; ///< size of the value, then the size after each unwrapping step
    bool writable = false; ///< whether encode() can convert an edited text back
    QString whyNotWritable;
};

} // namespace slotscope
