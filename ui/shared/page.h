// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operations/operationdraft.h"
#include "ui/shared/pagecontext.h"

#include <QWidget>

#include <any>

class QSettings;

namespace slotscope {

/// One page of a connection. What it needs it takes from its context; it is shown snapshots, and asks by signals. GUI
/// thread.
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
    virtual void showPlace(const slotscope::Place &) { } ///< goes there, as a finding asks for
    virtual void readAgain() { } ///< F5: what the page reads by itself, beside the view
    virtual bool closeDetail() { return false; } ///< Esc: true where something was closed
    virtual bool closeOwnTab()
    {
        return false;
    } ///< Ctrl+W: true where the page has tabs of its own, and one was closed
    virtual void saveState(QSettings &) const { }
    virtual void restoreState(const QSettings &) { } ///< outlive the page
    /// What would be lost if the page went now, in a sentence; empty: nothing.
    [[nodiscard]] virtual QString unsaved() const { return {}; }
    /// What it holds that is not on the servers, and that a page made in its place would begin without, in a sentence:
    /// answers, messages; empty: nothing. Beside unsaved() and what handOver() gives.
    [[nodiscard]] virtual QString heldHere() const { return {}; }
    /// For the page that is made in its place, which gets it by takeOver(): what was recorded over time.
    [[nodiscard]] virtual std::any handOver() { return {}; }
    virtual void takeOver(const std::any &) { }
    [[nodiscard]] virtual bool isFilled() const = 0; ///< shows data, not an empty state: what the tour waits for

    /// What takes the keyboard when the page is chosen for the first time; null: its first list or view.
    [[nodiscard]] virtual QWidget *firstFocus() const { return nullptr; }

    /// Opens something of what it holds, for a picture; the page is filled.
    virtual void showExample() { }

    [[nodiscard]] PageContext &context() const { return m_context; }

Q_SIGNALS:
    void refreshRequested();
    void operationRequested(const slotscope::OperationDraft &draft); ///< the wizard is to begin

private:
    PageContext &m_context;
};

} // namespace slotscope
