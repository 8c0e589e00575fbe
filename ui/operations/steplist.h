// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace slotscope {

class Theme;

/// Steps of a wizard: finished ones with a tick, the current one tinted. It cannot be clicked.
class StepList final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StepList)
public:
    StepList(const Theme &theme, QStringList names, QWidget *parent = nullptr);
    void setCurrent(int step);
    [[nodiscard]] int current() const { return m_current; }
    /// Adds a short text to a step, such as the number of warnings; with `bad` in the colour of an error.
    void setMark(int step, const QString &text, bool bad);
    [[nodiscard]] QSize sizeHint() const override { return {196, int(m_names.size()) * 40 + 24}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QStringList m_names, m_marks;
    QList<bool> m_bad;
    int m_current = 0;
};

} // namespace slotscope
