// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/finding.h"

#include <QFrame>

class QLabel;

namespace slotscope {

/// A finding as a tinted card: the fact, why it matters, and a remedy. Plain text.
class FindingCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FindingCard)
public:
    explicit FindingCard(const Finding &finding, QWidget *parent = nullptr);
};

/// Cards below each other; they are kept as long as the findings do not change.
class FindingList final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FindingList)
public:
    explicit FindingList(QWidget *parent = nullptr);
    void setFindings(const QList<Finding> &findings);

private:
    QList<Finding> m_findings;
};

} // namespace slotscope
