// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/operationdraft.h"
#include "ui/shared/pagecontext.h"

#include <QWidget>

#include <any>

class QSettings;

namespace slotscope {

/// One page of a connection. It gets everything it needs from its context, is given snapshots, and makes requests by
/// signals. GUI thread.
class Page : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Page)
public:
    explicit Page(PageContext &context, QWidget *parent = nullptr) : QWidget(parent), m_context(context)
    {
        setObjectName(QStringLiteral("page"));
        setAttribute(Qt::WA_StyledBackground);
    }

    virtual void setView(const slotscope::ClusterViewPtr &view) = 0;
    virtual void showPlace(const slotscope::Place &) { } ///< navigates to a place inside the page
    virtual void readAgain() { } ///< F5: reads the page's own data again, in addition to the view
    virtual bool closeDetail() { return false; } ///< Esc: returns true if something was closed
    virtual bool closeOwnTab() { return false; } ///< Ctrl+W: returns true if the page has tabs and one was closed
    virtual void saveState(QSettings &) const { }
    virtual void restoreState(const QSettings &) { } ///< the settings outlive the page
    /// A sentence about what would be lost if the page were closed now; empty: nothing.
    [[nodiscard]] virtual QString unsaved() const { return {}; }
    /// A sentence about data in the page that is not on the servers and that a replacing page would not have, such as
    /// replies or messages; empty: none. Without what unsaved() and handOver() cover.
    [[nodiscard]] virtual QString heldHere() const { return {}; }
    /// Recorded data for the page that replaces this one, which gets it through takeOver().
    [[nodiscard]] virtual std::any handOver() { return {}; }
    virtual void takeOver(const std::any &) { }
    /// whether it shows data and not an empty state; the tour waits for this
    [[nodiscard]] virtual bool isFilled() const = 0;

    /// Widget that gets the focus when the page is chosen for the first time; null: its first list or view.
    [[nodiscard]] virtual QWidget *firstFocus() const { return nullptr; }

    /// Opens some of its content for a picture; called when the page is filled.
    virtual void showExample() { }

    [[nodiscard]] PageContext &context() const { return m_context; }

Q_SIGNALS:
    void refreshRequested();
    void operationRequested(const slotscope::OperationDraft &draft); ///< the wizard shall start

private:
    PageContext &m_context;
};

} // namespace slotscope
