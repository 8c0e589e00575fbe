// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;

namespace slotscope {

/// A row of joined buttons of which one is chosen; Left and Right change it.
class SegmentedControl final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SegmentedControl)
public:
    explicit SegmentedControl(const QStringList &labels, QWidget *parent = nullptr);
    [[nodiscard]] int current() const;
    void setLabel(int index, const QString &label);
    void setCurrent(int index); ///< emits currentChanged if it changes
    /// While set aside, the choice has no effect: no button is drawn as chosen, and a click on any of them emits
    /// currentChanged.
    void setAside(bool aside);
    [[nodiscard]] bool isAside() const { return m_isAside; }

Q_SIGNALS:
    void currentChanged(int index);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QButtonGroup *m_group;
    bool m_isAside = false;
};

} // namespace slotscope
