// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/sessiondoor.h"
#include "ui/operations/operationdraft.h"

#include <QWidget>

class QSettings;

namespace slotscope {

class OperationsDoor;

/// One page of a connection. It is shown snapshots and asks by signals; it knows no session. GUI thread.
class Page : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Page)
public:
    explicit Page(QWidget *parent = nullptr) : QWidget(parent)
    {
        setObjectName(QStringLiteral("page"));
        setAttribute(Qt::WA_StyledBackground);
    }

    virtual void setView(const slotscope::ClusterViewPtr &view) = 0;
    virtual void setKeyCounts(const slotscope::SlotKeyCountsPtr &) { }
    virtual void setKeyCountsFailed(const slotscope::Error &) { }
    virtual void showNode(const QByteArray &) { } ///< goes to a node, as a finding asks for
    virtual void showSlots(const slotscope::SlotSet &) { } ///< goes to slots, as a finding asks for
    virtual bool closeDetail() { return false; } ///< Esc: true where something was closed
    virtual void saveState(QSettings &) const { }
    virtual void restoreState(const QSettings &) { }
    virtual void setOperations(slotscope::OperationsDoor *) { } ///< the runs of all connections; outlives the page
    virtual void setReadOnly(bool) { } ///< nothing may be changed over this connection
    [[nodiscard]] virtual bool showsKeyCounts() const { return false; } ///< a refresh counts the keys too
    [[nodiscard]] virtual bool isFilled() const = 0; ///< shows data, not an empty state: what the tour waits for

Q_SIGNALS:
    void refreshRequested();
    void keyCountsRequested();
    void operationRequested(const slotscope::OperationDraft &draft); ///< the wizard is to begin
};

} // namespace slotscope
