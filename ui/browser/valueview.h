// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/values/edit.h"
#include "core/values/valueeditor.h"
#include "core/values/valuehead.h"

#include <QWidget>

#include <functional>

namespace slotscope {

/// Part of a tab that shows and edits the value of one key. GUI thread.
class ValueView : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ValueView)
public:
    using QWidget::QWidget;

    /// The key was read, for the first time or again: unchanged parts are read again.
    virtual void setHead(const slotscope::ValueHead &head) = 0;
    virtual void setReadOnly(bool readOnly) = 0;
    [[nodiscard]] virtual bool isChanged() const { return false; }
    /// Returns the edit that Save would send; the error explains why it cannot be saved.
    virtual void prepare(std::function<void(slotscope::Result<slotscope::Edit>)> then) = 0;
    virtual void takeSaved() { } ///< the changes were saved on the server
    virtual void revert() { }
    /// Footer text: what is changed, and what will be sent.
    [[nodiscard]] virtual QString footText() const { return {}; }
    [[nodiscard]] virtual QString changeText() const { return {}; } ///< such as "2 changes"; empty: none
    [[nodiscard]] virtual QString whyNotSaved() const { return {}; } ///< why Save is disabled; empty: it is enabled

Q_SIGNALS:
    void changed(); ///< isChanged() or the footer texts have changed
    /// request for an action that takes effect at once: add, delete, rename, …
    void editRequested(const slotscope::Edit &edit);
    void said(const QString &text); ///< an action that changes no key has succeeded
    void wasRead(); ///< reading succeeded: an earlier problemFound() of reading is over
    void problemFound(const slotscope::Error &error); ///< reading failed; InvalidArgument: an input was refused
};

} // namespace slotscope
