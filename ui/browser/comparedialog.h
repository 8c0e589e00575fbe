// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QPushButton;

namespace slotscope {

class CodeEdit;
class Theme;

/// Two versions of a value side by side. After offerChoice() the user chooses one; accepted() means the user's version.
class CompareDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CompareDialog)
public:
    CompareDialog(const Theme &theme, const QString &title, const QString &yours, const QString &theirs,
                  QWidget *parent);
    /// Adds the buttons "Overwrite with yours" and "Use theirs".
    void offerChoice(bool mayOverwrite = true);
    [[nodiscard]] QPushButton *overwriteButton() const { return m_overwrite; }
    [[nodiscard]] QPushButton *takeButton() const { return m_take; }

Q_SIGNALS:
    void overwriteChosen();
    void takeChosen();

private:
    QPushButton *m_overwrite, *m_take;
};

} // namespace slotscope
