// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/values/edit.h"
#include "core/values/valueeditor.h"
#include "core/values/valuehead.h"

#include <QWidget>

#include <functional>

namespace slotscope {

/// The part of a tab that shows the value of one key and edits it. GUI thread.
class ValueView : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ValueView)
public:
    using QWidget::QWidget;

    /// The key was read, for the first time or again: what is not changed here is read anew.
    virtual void setHead(const slotscope::ValueHead &head) = 0;
    virtual void setReadOnly(bool readOnly) = 0;
    [[nodiscard]] virtual bool isChanged() const { return false; }
    /// What Save would send; the error says why it cannot be saved.
    virtual void prepare(std::function<void(slotscope::Result<slotscope::Edit>)> then) = 0;
    virtual void takeSaved() { } ///< what was changed stands on the server now
    virtual void revert() { }
    /// For the footer: what is changed, what will be sent.
    [[nodiscard]] virtual QString footText() const { return {}; }
    [[nodiscard]] virtual QString changeText() const { return {}; } ///< "2 changes"; empty: none
    [[nodiscard]] virtual QString whyNotSaved() const { return {}; } ///< empty: it can be saved

Q_SIGNALS:
    void changed(); ///< isChanged() or the footer's texts
    void editRequested(const slotscope::Edit &edit); ///< an act that is not staged: add, delete, rename, …
    void problemFound(const slotscope::Error &error); ///< of reading
};

} // namespace slotscope
