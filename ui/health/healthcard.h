// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "ui/shared/operationdraft.h"

#include <QFrame>

#include <functional>

class QGridLayout;
class QLabel;

namespace slotscope {

/// One finding with its details and with links to the nodes and slots concerned. It is updated in place.
class HealthCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HealthCard)
public:
    explicit HealthCard(QWidget *parent = nullptr);
    void setFinding(const Finding &finding, const ClusterView &view);
    void setReadOnly(bool readOnly); ///< no operation can be started from it

Q_SIGNALS:
    void nodeChosen(const QByteArray &id);
    void slotsChosen(const slotscope::SlotSet &slotSet);
    void operationChosen(const slotscope::OperationDraft &draft); ///< such as "Fix…", "Fail over…", "Forget…"

private:
    void setActs(const Finding &finding, const ClusterView &view);
    void setLinks(const Finding &finding, const ClusterView &view);
    void addLink(int cell, const QString &text, const QString &whole, const std::function<void()> &act);

    QLabel *m_word, *m_title, *m_explanation, *m_advice, *m_more;
    QWidget *m_links, *m_acts;
    QGridLayout *m_grid;
    QStringList m_shownActs;
    QStringList m_shown; ///< texts of the links
};

/// Severity as shown to users: "error", "warning", "note".
[[nodiscard]] QString severityWord(Severity severity);

} // namespace slotscope
